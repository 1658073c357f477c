"""The engines behind the window: what the preferences ask for, made on the engine lane and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

from instmatt_app import api
from instmatt_app.core.detail import Detail
from instmatt_app.core.interfaces import Detection, MattingEngine, Recogniser, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Key, Project
from instmatt_app.core.rect import Rect
from instmatt_app.files.preferences import Preferences
from instmatt_app.model_store import digest
from instmatt_app.options import DetailName, EngineName, RecogniserName, engine_key, weights_file
from instmatt_app.ui.backend import Clicks
from instmatt_app.ui.order_tried import OrderTried, orders_tried
from instmatt_app.ui.turn_shown import TurnShown, turn_shown

# The least score, and the least share of the photo, of somebody who is shown as a candidate.
GUESS, GUESS_AREA = 0.05, 0.004
# What options_of() looks at.
ASKED_FOR = frozenset({"device", "memory_gib", "working_size", "detail", "engine", "model", "recogniser"})


def options_of(preferences: Preferences) -> api.MatteOptions:
    """How photos are matted by these preferences."""
    closed_form = preferences.engine == "closed-form"
    return api.MatteOptions(
        engine=cast(EngineName, preferences.engine),
        # Closed-form matting knows neither models nor devices, and would complain about both.
        model=None if closed_form else preferences.model or None,
        device="auto" if closed_form else preferences.device,
        memory_gib=preferences.memory_gib or None,
        working_size=preferences.working_size,
        detail=cast(DetailName, preferences.detail),
        recogniser=cast(RecogniserName, preferences.recogniser),
    )


class Engines:
    """The engines behind the conductor's Backend; made on the engine lane when they are first needed, and kept."""

    def __init__(self, options: api.MatteOptions) -> None:
        self._options = options
        self._engine: tuple[tuple[object, ...], MattingEngine] | None = None
        self._recognisers: dict[str, tuple[tuple[str, str], Recogniser]] = {}
        self._unrefined: tuple[Key, api.Unrefined] | None = None
        self._refined: tuple[Key, api.Refined] | None = None
        self._detail: tuple[Key, Detail | None] | None = None
        self._windows = api.KeptWindows()
        # Empty where nobody was looked for, such as for a project that was opened.
        self._found_by = ""
        self._weights: tuple[api.MatteOptions, Path | None] | None = None
        self._digests: dict[tuple[Path, int, int], str] = {}

    @property
    def name(self) -> str:
        """Reads weights that were not read before; asked for on a lane first, it takes no time afterwards."""
        options = self._options
        made = self._engine
        precision = made[1].precision if made is not None and made[0] == self._wanted(options) else ""
        return engine_key(options, self._digest(options)) + precision

    def use(self, options: api.MatteOptions) -> None:
        """From the next run on; a run that is under way ends with what it began with."""
        self._options, self._weights = options, None

    def read(self, path: Path, step: Step) -> Photo:
        step(0, 2, f"reading {path.name}")
        return api.read_photo(path)

    def finds_people(self) -> bool:
        try:
            api.make_recogniser(self._options)
        except api.NotReady:
            return False
        return True

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        best = self._recogniser("people", self._options)
        self._found_by = best.name
        return best.find(photo, step)

    def find_candidates(self, photo: Photo, step: Step) -> list[Detection]:
        if not self.finds_people():
            return []
        options = replace(self._options, score=GUESS, min_area=GUESS_AREA)
        return self._recogniser("candidates", options).find(photo, step)

    def find_in_box(self, photo: Photo, box: Rect, step: Step) -> list[Detection]:
        boxed = replace(self._options, recogniser="prompt", boxes=[(box.left, box.top, box.width, box.height)])
        made = api.make_recogniser(boxed)
        self._found_by = self._found_by or made.name
        return made.find(photo, step)

    def find_at_clicks(self, project: Project, clicks: Clicks, step: Step) -> list[Detection]:
        taken = [one.mask for one in project.instances]
        return api.person_at_clicks(project.photo, clicks.inside, clicks.outside, taken, step)

    def matte(self, project: Project, step: Step) -> api.Result:
        options, engine = self._made(step)
        return self._finished(project, options, engine, step)

    @property
    def wants_detail(self) -> bool:
        return self._options.has_detail

    def detail(self, project: Project, result: api.Result, step: Step) -> api.Result:
        options, engine = self._made(step)
        if result.unshaped is None and any(not one.edge.is_default for one in project.instances):
            # Mattes that come from a project's file do not know any more what their edges were made of.
            result = self._finished(project, options, engine, step)
        made = replace(result, seconds=dict(result.seconds))
        # Other edges need no other detail than what they are applied to.
        key = project.unshaped_key(engine.name, options.working_size)
        known = self._detail[1] if self._detail is not None and self._detail[0] == key else None
        self._detail = None
        self._detail = (
            key, api.add_detail(made, project, engine, options.working_size, step, known, self._windows)
        )  # fmt: skip
        return made

    def turns(self, project: Project, step: Step) -> list[TurnShown]:
        options, engine = self._made(step)
        shown: list[TurnShown] = []
        unrefined = self._matted(project, options, engine, step)
        for turn, result in api.refine_turns(project, unrefined, engine, self._found_by, step=step):
            shown.append(turn_shown(turn, result, shown[-1] if shown else None))
        return shown

    def orders(self, project: Project, step: Step) -> list[OrderTried]:
        options, engine = self._made(step)
        unrefined = self._matted(project, options, engine, step)
        return orders_tried(project.photo, api.refine_orders(project, unrefined, engine, self._found_by, step=step))

    def preview(self, project: Project, shown: api.Result, step: Step) -> api.Result | None:
        options, engine = self._made(step)
        if engine.name != shown.engine:
            return None
        if self._refined is not None and self._refined[0] == project.refined_key(engine.name, options.working_size):
            # Only pins or edges have changed: the whole answer is as quick as a part of it.
            return self._finished(project, options, engine, step)
        return api.preview_project(project, shown, engine, step)

    def _recogniser(self, purpose: str, options: api.MatteOptions) -> Recogniser:
        """What finds people for a purpose; the one that was made before, which keeps its weights, where it will do."""
        made = api.make_recogniser(options)
        wanted = (made.name, options.device)
        if purpose not in self._recognisers or self._recognisers[purpose][0] != wanted:
            self._recognisers[purpose] = (wanted, made)
        return self._recognisers[purpose][1]

    def _finished(self, project: Project, options: api.MatteOptions, engine: MattingEngine, step: Step) -> api.Result:
        """The result at the working size; other pins and edges run no refinement."""
        unrefined = self._matted(project, options, engine, step)
        key = project.refined_key(engine.name, options.working_size)
        if self._refined is None or self._refined[0] != key:
            self._refined = (key, api.refine_mattes(project, unrefined, engine, step))
        return api.finish_project(project, unrefined, self._refined[1], engine, self._found_by)

    def _matted(self, project: Project, options: api.MatteOptions, engine: MattingEngine, step: Step) -> api.Unrefined:
        """The mattes before refinement; another refinement of the same guidance runs no network."""
        key = project.base_key(engine.name, options.working_size)
        if self._unrefined is None or self._unrefined[0] != key:
            self._unrefined = None
            self._unrefined = (key, api.matte_unrefined(project, engine, options.working_size, step=step))
        return self._unrefined[1]

    def _made(self, step: Step) -> tuple[api.MatteOptions, MattingEngine]:
        """The engine of the options as they are now, made where they are others than those of the last one."""
        options = self._options
        wanted = self._wanted(options)
        if self._engine is None or self._engine[0] != wanted:
            step(0, 1, "loading the engine")
            self._engine = self._unrefined = self._refined = None
            self._engine = (wanted, api.make_engine(options))
        return options, self._engine[1]

    def _wanted(self, options: api.MatteOptions) -> tuple[object, ...]:
        """What an engine is made of: another one is made where this is another."""
        return (engine_key(options, self._digest(options)), options.device, options.memory_gib)

    def _digest(self, options: api.MatteOptions) -> str:
        """A checksum of the weights that the options ask for; their name where they are not there."""
        if self._weights is None or self._weights[0] is not options or self._weights[1] is None:
            self._weights = (options, weights_file(options))
        path = self._weights[1]
        try:
            if path is None:
                return options.model or ""
            there = path.stat()
            file = (path, there.st_size, there.st_mtime_ns)
            if file not in self._digests:
                self._digests[file] = digest(path, "sha256")
            return self._digests[file]
        except OSError:
            # Whoever makes the engine says what is wrong with the file.
            return str(path)

"""Project: a photo, its people in order, and how they are refined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from hashlib import blake2b

from instmatt_app.core.instance import Instance
from instmatt_app.core.photo import Photo
from instmatt_app.core.refinement import Refinement

Key = tuple[object, ...]


def key_name(key: Key) -> str:
    """A short text that is the same for equal keys, in every run of the program, and different for others."""
    return blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(eq=False)
class Project:
    """Everything a person has decided about one photo. Mattes are derived and are not part of it."""

    photo: Photo
    instances: list[Instance] = field(default_factory=list)
    refinement: Refinement = field(default_factory=Refinement)
    revision: int = 0

    def next_revision(self) -> int:
        """A number that no plane of this project has had; the counter never goes back."""
        self.revision += 1
        return self.revision

    def add(self, instances: Iterable[Instance]) -> None:
        """Put people at the end of the list, each with a new revision."""
        for instance in instances:
            instance.revision = self.next_revision()
            self.instances.append(instance)

    def base_key(self, engine: str, working_size: int) -> Key:
        """The name of the input of the mattes before refinement: equal key = same mattes.

        ``engine`` names the engine including its weights. Names, colours and visibility are not in the key.
        """
        planes = tuple(sorted((instance.id, instance.revision) for instance in self.instances))
        return (self.photo.fingerprint, engine, working_size, planes)

    def refinements(self) -> dict[int, Refinement]:
        """Everybody's refinement in full, by id, in list order: their own choice, or what the project says.

        Raises:
            OrderError: an order names a person twice, or one who is not there.
        """
        ids = [instance.id for instance in self.instances]
        return {one.id: (one.refinement or self.refinement).resolved(ids) for one in self.instances}

    def refined_key(self, engine: str, working_size: int) -> Key:
        """The name of the refined mattes' input: that of :meth:`base_key` and everybody's refinement."""
        refinements = tuple(sorted(self.refinements().items(), key=lambda one: one[0]))
        return (*self.base_key(engine, working_size), refinements)

    def unshaped_key(self, engine: str, working_size: int) -> Key:
        """The name of what the final mattes would be without edges: that of :meth:`refined_key`, and the pins."""
        pins = tuple(sorted((one.id, one.pin_revision) for one in self.instances if one.pin_revision))
        return (*self.refined_key(engine, working_size), pins)

    def key(self, engine: str, working_size: int) -> Key:
        """The name of the final mattes' input: that of :meth:`unshaped_key`, and edges where there are any."""
        edges = tuple(sorted((one.id, astuple(one.edge)) for one in self.instances if not one.edge.is_default))
        return (*self.unshaped_key(engine, working_size), *((edges,) if edges else ()))

"""The toolbox: all tools by name, and which one is in use."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup

from instmatt_app.core.hints import Hint
from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.shortcuts import Bound
from instmatt_app.ui.theme import ICON
from instmatt_app.ui.tools.brush import BrushSettings, BrushTool, LassoTool
from instmatt_app.ui.tools.clicks import ClickTool
from instmatt_app.ui.tools.pick import HandTool, PickTool, RefineWindowTool, SelectTool, SplitTool, ZoomTool
from instmatt_app.ui.tools.tool import Tool


class Toolbox(QObject):
    """Makes the tools and their actions; the brushes share one class, and each has a size of its own."""

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.brush = BrushSettings(self)
        self.brush.changed.connect(canvas.update)
        self.tools: dict[str, Tool] = {
            "select": SelectTool(canvas),
            "pick": PickTool(canvas),
            "clicks": ClickTool(canvas),
            "brush": BrushTool(canvas, self.brush),
            "hair": BrushTool(canvas, self.brush, Hint.UNDECIDED),
            "eraser": BrushTool(canvas, self.brush, Hint.NONE),
            "lasso": LassoTool(canvas, self.brush),
            "split": SplitTool(canvas, lambda: self.use("pick")),
            "refine-window": RefineWindowTool(canvas, lambda: self.use("pick")),
            "hand": HandTool(canvas),
            "zoom": ZoomTool(canvas),
        }
        look = {
            "select": (self.tr("Choose people, or drag to move the photo"), "mdi6.cursor-default-outline", "V"),
            "pick": (self.tr("Choose people, or drag a box round one to add"), "mdi6.account-box-outline", "W"),
            "clicks": (self.tr("Point at a person: click on them, right-click beside them, Enter"), "mdi6.target", "C"),
            "brush": (self.tr("Brush: paint the chosen class"), "mdi6.brush", "B"),
            "hair": (self.tr("Hair brush: let the network decide here"), "mdi6.content-cut", "R"),
            "eraser": (self.tr("Eraser: give the pixels back"), "mdi6.eraser", "E"),
            "lasso": (self.tr("Lasso: fill with the chosen class"), "mdi6.lasso", "L"),
            "split": (self.tr("Split a person along a line"), "mdi6.vector-line", "Ctrl+Shift+M"),
            "refine-window": (self.tr("Refine only inside a box: drag it"), "mdi6.select-drag", "Shift+R"),
            "hand": (self.tr("Move the photo"), "mdi6.hand-back-right-outline", "H"),
            "zoom": (self.tr("Nearer, with Alt farther; drag a box to fill the window"), "mdi6.magnify", "Z"),
        }
        group = QActionGroup(self)
        self.actions: dict[str, QAction] = {}
        self.bound: list[Bound] = []
        for name, (text, icon, key) in look.items():
            action = QAction(qtawesome.icon(icon, color=ICON, color_on="#ffffff"), text, self)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, chosen=name: self.use(chosen))
            group.addAction(action)
            self.actions[name] = action
            self.bound.append(Bound(f"tool-{name}", self.tr("Tools"), text, (key,), action))
        self.use("pick")

    def use(self, name: str) -> None:
        """Takes a tool in hand."""
        self.actions[name].setChecked(True)
        self.brush.use(name)
        self._canvas.set_tool(self.tools[name])

    def actions_in_order(self) -> list[QAction]:
        return list(self.actions.values())

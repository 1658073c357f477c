"""The window: the only ring that knows Qt."""

from instmatt_app.ui.immortal import keep_singletons_alive

# Here, because it must come before the first call of Qt, whichever module of the ring is imported first.
keep_singletons_alive()

from instmatt_app.core.shelf import Shelf


def test_what_was_not_asked_for_longest_goes_first() -> None:
    shelf: Shelf[str] = Shelf(budget=10)
    shelf.put(("a",), "A", 4)
    shelf.put(("b",), "B", 4)
    assert shelf.get(("a",)) == "A"
    shelf.put(("c",), "C", 4)
    assert (shelf.get(("a",)), shelf.get(("b",)), shelf.get(("c",))) == ("A", None, "C")
    assert shelf.nbytes == 8


def test_the_newest_stays_whatever_its_size_and_keys_are_kept_once() -> None:
    shelf: Shelf[str] = Shelf(budget=10)
    shelf.put(("a",), "A", 4)
    shelf.put(("a",), "again", 3)
    assert shelf.nbytes == 3
    shelf.put(("b",), "B", 99)
    assert (shelf.get(("a",)), shelf.get(("b",))) == (None, "B")
    shelf.clear()
    assert shelf.get(("b",)) is None

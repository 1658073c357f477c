"""What finds people, one file each, behind core.interfaces.Recogniser."""

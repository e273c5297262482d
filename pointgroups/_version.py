"""Version of the packages pointgroups and equinet, read by the build."""

__version__ = "0.1.0"

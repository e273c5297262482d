"""How Sphinx builds these pages: `sphinx-build -W -n docs docs/_build/html`."""

from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from pointgroups import __version__

project = "pointgroups and equinet"
author = "the pointgroups and equinet authors"
copyright = "2026, the pointgroups and equinet authors"  # noqa: A001  (the name that Sphinx reads)
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

myst_enable_extensions = ["amsmath", "deflist", "dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "pointgroups and equinet"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings say shapes, which annotations do not
napoleon_google_docstring = True
napoleon_numpy_docstring = False

# Annotations of attributes name types of other libraries, whose pages are not at hand.
_OTHERS = "collections|fractions|lightning|numpy|pathlib|pymatgen|sympy|torch|types|typing"
nitpick_ignore_regex = [
    ("py:.*", rf"({_OTHERS})\..*"),
    ("py:class", r"NDArray|np\.\w+"),  # as written, where a class names types that are imported for checking only
]

_untouched: list[str] = []


def read_as_plain_mathematics(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Docstrings write |G| for a person; keep reStructuredText from taking it for a substitution."""
    lines[:] = [line if line.lstrip().startswith((">>>", "...")) else line.replace("|", r"\|") for line in lines]
    _untouched[:] = lines


def keep_words_before_a_colon(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """napoleon takes the words before a colon for a type in the docstring of an attribute; they are words here."""
    if what in ("attribute", "data", "property"):
        lines[:] = _untouched


def find_by_last_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element) -> Element | None:
    """A name means the one object of that last name: docstrings say DataError, or the module a function is from."""
    objects = env.domains["py"].objects
    last = node["reftarget"].rpartition(".")[2]
    found = [name for name in objects if name.rpartition(".")[2] == last]
    if len(found) != 1:
        return None
    entry = objects[found[0]]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, found[0])


def setup(app: Sphinx) -> None:
    """Called by Sphinx. The handler of napoleon, which rewrites sections, has priority 500 and comes between."""
    app.connect("autodoc-process-docstring", read_as_plain_mathematics, priority=400)
    app.connect("autodoc-process-docstring", keep_words_before_a_colon, priority=600)
    app.connect("missing-reference", find_by_last_name)

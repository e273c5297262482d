"""The command ``pointgroups``: what it says, and how it is set in text, LaTeX, Markdown and JSON."""

"""How a command line is read: -4m2 is a name and no option, --generators stands for GROUP, an error is one line."""

from __future__ import annotations

from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from .printing import ONE_GROUP, refuse

_UsageError: type[Any] = typer.BadParameter.__mro__[1]
"""What a parser raises; by its version typer has click's own class or a copy of it."""


class Command(TyperCommand):
    """A command that refuses what it cannot read in one line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As in typer. A long option that the command does not have is refused, even where -4m2 is a name."""
        known = {option for p in self.get_params(ctx) for option in (*p.opts, *p.secondary_opts)}
        for option in (arg.partition("=")[0] for arg in args):
            if option == "--":
                break
            if option.startswith("--") and option not in known:
                _refuse_use(ctx, f"no such option: {option}")
        try:
            return super().parse_args(ctx, args)
        except _UsageError as error:
            missing = getattr(getattr(error, "param", None), "name", "")
            no_group = missing == "group" and "--generators" in known
            _refuse_use(ctx, ONE_GROUP if no_group else error.format_message())


class GroupCommand(Command):
    """A command on a group: -4m2 is a name, and with --generators FILE the arguments behind GROUP move up."""

    ignore_unknown_options = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As in typer; a name and generators together are refused."""
        takes_any = any(p.name == "generators" for p in self.params)
        ctx.meta[__name__] = takes_any and any(arg.partition("=")[0] == "--generators" for arg in args)
        too_many = self._too_many(ctx, args) if ctx.meta[__name__] else []
        if too_many:
            refuse(f"with --generators there is one argument too many, {too_many[-1]!r}; {ONE_GROUP}")
        return super().parse_args(ctx, args)

    def _too_many(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments for which there is no place."""
        try:
            return list(self.make_parser(ctx).parse_args(args=list(args))[1])
        except _UsageError:
            return []  # it comes again where all is read

    def get_params(self, ctx: Any) -> list[Any]:
        """Those that are read: GROUP is none of them where generators are given."""
        return [p for p in super().get_params(ctx) if p.name != "group" or not ctx.meta.get(__name__)]


class Commands(TyperGroup):
    """A set of commands; a name that is none of them is refused in one line."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As in typer, with its suggestion of a similar name."""
        try:
            return super().resolve_command(ctx, args)
        except _UsageError as error:
            _refuse_use(ctx, error.format_message())


def _refuse_use(ctx: Any, message: str) -> NoReturn:
    refuse(f"{message.rstrip('.')}; {ctx.command_path} --help shows how")

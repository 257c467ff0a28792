"""The page of the documentation that lists what the suite offers: ``docs/reference.md``.

``python -m dcor_control.reference`` writes it. Everything is asked of the plugins and of ``dcor``
themselves, through CKAN's interfaces; no service has to run. A test fails when the page is out of
date or when something has no explanation.
"""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import click
from flask import Flask

from ckan.config.declaration import Declaration, Key

from dcor_control.cli import main as dcor
from dcor_control.local.ini import OWN_PLUGINS
from dcor_control.local.layout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: The page, in a checkout.
PAGE = CHECKOUT / "docs" / "reference.md"
_HEAD = """\
# Reference

Written by `make docs` from the code; do not edit. Who may call what is in [policy.md](policy.md).
"""
_END_OF_SENTENCE = re.compile(r"(?<!e\.g\.)(?<!i\.e\.)(?<=[.!?]) ")
_INVISIBLE_METHODS = {"HEAD", "OPTIONS"}


def render() -> str:
    """Text of the page."""
    plugins = list(_plugins())
    parts = [
        _HEAD,
        _section("Options of CKAN's configuration", ("option", "default", ""), _options(plugins)),
        _section("Actions", ("action", "plugin", ""), _actions(plugins)),
        _section("Routes", ("route", "methods", ""), _routes(plugins)),
        _section("Steps of the pipeline", ("step", "queue", "reads", ""), _steps(plugins)),
        _section("Commands of `ckan`", ("command", ""), _ckan_commands(plugins)),
        _section("Commands of `dcor`", ("command", ""), _commands(dcor, "dcor")),
    ]
    return "\n".join(parts)


def write() -> None:
    """Write the page into the checkout."""
    PAGE.write_text(render(), encoding="utf-8")


def unexplained() -> list[str]:
    """Names of everything on the page that has no explanation."""
    rows = re.findall(r"^\| (`.*`) \|.*\|  \|$", render(), re.MULTILINE)
    return [name.strip("`") for name in rows]


def _plugins() -> Iterator[Any]:
    """The plugins as CKAN makes them, but not loaded: their methods only tell what there is."""
    found = {point.name: point for point in entry_points(group="ckan.plugins")}
    for name in sorted(OWN_PLUGINS):
        yield found[name].load()(name=name)


def _options(plugins: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    for plugin in plugins:
        declaration = Declaration()
        if hasattr(plugin, "declare_config_options"):
            plugin.declare_config_options(declaration, Key())
        for key in declaration.iter_options():
            option = declaration[key]
            default = "" if option.default in {None, ""} else f"`{option.default}`"
            yield f"`{key}`", default, _sentence(option.description)


def _actions(plugins: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    for plugin in plugins:
        for name, action in sorted(getattr(plugin, "get_actions", dict)().items()):
            chained = " (around CKAN's)" if getattr(action, "chained_action", False) else ""
            yield f"`{name}`", f"{plugin.name}{chained}", _sentence(action.__doc__)


def _routes(plugins: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    for plugin in plugins:
        app = Flask(plugin.name, static_folder=None)
        blueprints = plugin.get_blueprint() if hasattr(plugin, "get_blueprint") else []
        for blueprint in blueprints if isinstance(blueprints, list) else [blueprints]:
            app.register_blueprint(blueprint)
        for rule in sorted(app.url_map.iter_rules(), key=str):
            view = app.view_functions[rule.endpoint]
            methods = ", ".join(sorted((rule.methods or set()) - _INVISIBLE_METHODS))
            yield f"`{rule}`", methods, _sentence(view.__doc__)


def _steps(plugins: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    for plugin in plugins:
        for step in getattr(plugin, "get_pipeline_steps", list)():
            needs = f" (after {', '.join(step.needs)})" if step.needs else ""
            yield f"`{step.name}`", str(step.queue), str(step.reads), f"{step.title}{needs}."


def _ckan_commands(plugins: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    for plugin in plugins:
        for command in getattr(plugin, "get_commands", list)():
            yield from _commands(command, f"ckan {command.name}")


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        for inner in sorted(command.commands.values(), key=lambda inner: str(inner.name)):
            yield from _commands(inner, f"{name} {inner.name}")
    else:
        yield f"`{name}`", _sentence(command.help)


def _sentence(text: str | None) -> str:
    """The first sentence of a text, on one line."""
    paragraph = (text or "").strip().partition("\n\n")[0]
    line = " ".join(paragraph.split())
    first = _END_OF_SENTENCE.split(line, maxsplit=1)[0]
    return first.replace("``", "`").replace("|", "\\|")


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return f"## {title}\n\n{table}"


if __name__ == "__main__":
    write()

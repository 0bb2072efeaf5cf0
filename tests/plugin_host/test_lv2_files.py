"""Which LV2 plugin is meant by a name."""

from pathlib import Path

import pytest

from plugin_host.errors import PluginLoadError
from plugin_host.lv2_files import bundle_elsewhere, find_lv2, lv2_folders, lv2_plugins

MANIFEST = """
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix own: <http://example.org/own/> .

<http://example.org/makers#me> a doap:Person ; doap:name "Nobody" .

own:Warm
    a lv2:InstrumentPlugin , lv2:Plugin ;
    doap:name "The Warm One" .

<urn:example:cold#stereo> a lv2:Plugin ;
    lv2:symbol "cold" ;
    doap:name "Cold" .
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a bundle of two, and one that nobody can read."""
    bundle = tmp_path / "two.lv2"
    bundle.mkdir()
    (bundle / "manifest.ttl").write_text(MANIFEST)
    (tmp_path / "none.lv2").mkdir()
    (tmp_path / "none.lv2" / "manifest.ttl").write_bytes(b"\xff\xfe@prefix \x00")
    monkeypatch.setenv("LV2_PATH", str(tmp_path))
    return tmp_path


def test_all_are_found_with_their_bundles(folder: Path) -> None:
    """By both ways of writing a URI; persons have names as well, and are none."""
    assert lv2_folders() == [folder]
    assert [*lv2_plugins()] == [
        (folder / "two.lv2", "http://example.org/own/Warm", "The Warm One"),
        (folder / "two.lv2", "urn:example:cold#stereo", "Cold"),
    ]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("the warm one", "http://example.org/own/Warm"),
        ("Warm", "http://example.org/own/Warm"),
        ("cold", "urn:example:cold#stereo"),
        ("urn:any:thing", "urn:any:thing"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_name_its_end_or_a_uri(name: str, uri: str) -> None:
    """In any case of letters; what is a URI is taken as it is."""
    assert find_lv2(name) == uri


def test_what_is_not_there_is_named_with_what_is_like_it(folder: Path) -> None:
    """And where it was looked for."""
    with pytest.raises(PluginLoadError, match=f"no plugin 'Colt' in {folder}; did you mean 'Cold'"):
        find_lv2("Colt")
    with pytest.raises(PluginLoadError, match="there are no LV2 plugins at all"):
        find_lv2("Cold", [folder / "nowhere"])


def test_a_bundle_that_only_lv2_path_tells_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is opened by its place, which gives the first plugin in it: so one with several is refused."""
    alone = folder / "one.lv2"
    alone.mkdir()
    (alone / "one.ttl").write_text('<urn:example:one> a lv2:Plugin ; doap:name "One" .')
    assert bundle_elsewhere("urn:example:one") == alone
    assert bundle_elsewhere("urn:example:nothing") is None
    with pytest.raises(
        PluginLoadError, match=r"two\.lv2 holds several plugins: put it, or a link to it, into"
    ):
        bundle_elsewhere("urn:example:cold#stereo")
    monkeypatch.delenv("LV2_PATH")
    monkeypatch.setenv("HOME", str(folder))
    usual = lv2_folders()[0]
    usual.mkdir(parents=True)
    alone.rename(usual / "one.lv2")
    assert bundle_elsewhere("urn:example:one") is None

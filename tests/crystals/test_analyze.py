"""The table of symmetries: its rows, bad files, interrupted runs, several processes."""

import csv
import gzip
import json
from pathlib import Path

import joblib
import numpy as np
import pyarrow.parquet
import pytest
import spglib
from crystals.redescriptions import fixture_rows, structure_of
from pymatgen.core import Lattice, Structure
from typer.testing import CliRunner

from pointgroups import Analysis, analyze_structures, crystal_symmetry
from pointgroups.command.cli import app
from pointgroups.datasets.analyze import COLUMN_TYPES, PATTERNS, symmetry_row

ROWS = fixture_rows()
SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
PEROVSKITE = Structure.from_spacegroup(
    "Pm-3m", Lattice.cubic(3.9), ["Sr", "Ti", "O"], [[0, 0, 0], [0.5] * 3, [0.5, 0.5, 0]]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good files, a damaged one, one that holds something else, and one that is no structure file."""
    place = tmp_path / "structures"
    (place / "deep").mkdir(parents=True)
    SALT.to(str(place / "salt.cif"))
    PEROVSKITE.to(str(place / "deep" / "POSCAR"), fmt="poscar")
    (place / "damaged.cif").write_text("data_x\n_cell_length_a nonsense\n")
    (place / "other.json").write_text('{"what": "no structure"}')
    (place / "notes.txt").write_text("no structure file by its name")
    return place


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A dozen real crystals, and a broken line."""
    path = tmp_path / "data.jsonl"
    lines = [json.dumps(row) for row in list(ROWS.values())[:12]]
    path.write_text("\n".join([*lines[:3], "broken", *lines[3:]]) + "\n")
    return path


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")  # by the test's own call of spglib
@pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{m}")
def test_a_row_is_the_crystal_s_symmetry_and_agrees_with_spglib(material_id: str) -> None:
    structure = structure_of(ROWS[material_id])
    symmetry = crystal_symmetry(structure)
    row = symmetry_row(symmetry)
    assert set(row) == set(COLUMN_TYPES) - {"source", "id", "problem"}
    for column, value in row.items():
        assert type(value) is COLUMN_TYPES[column], column
    symmetrised = symmetry.structure
    cell = (symmetrised.lattice.matrix, symmetrised.frac_coords, symmetrised.atomic_numbers)
    dataset = spglib.get_symmetry_dataset(cell, symprec=1e-4)
    assert row["n_orbits"] == len(set(dataset.crystallographic_orbits))
    assert row["space_group_number"] == dataset.number
    letters = sorted(dataset.wyckoffs[k] for k in set(dataset.crystallographic_orbits.tolist()))
    written = [part[:1] for part in row["wyckoff_sequence"].split() for _ in range(int(part[1:] or 1))]
    assert len(written) == len(letters)
    sites = [site.split() for site in row["sites"].split("; ")]
    assert sorted(written) == sorted(letter for _, letter, _ in sites)
    frame = np.array([row[f"frame_{a}{b}"] for a in "xyz" for b in "xyz"]).reshape(3, 3)
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-12)


def test_known_crystals() -> None:
    row = symmetry_row(crystal_symmetry(PEROVSKITE))
    assert (row["wyckoff_sequence"], row["sites"]) == ("c b a", "Sr a Oh; Ti b Oh; O c D4h")
    assert (row["formula"], row["n_atoms"], row["hermann_mauguin"], row["handedness"]) == ("SrTiO3", 5, "m-3m", 1)


# -- tables -------------------------------------------------------------------------------------------------------


def test_both_formats_hold_the_same(data: Path, tmp_path: Path) -> None:
    found = [analyze_structures(data, tmp_path / name) for name in ("table.csv", "table.parquet")]
    assert {(a.total, a.resumed, a.failed) for a in found} == {
        (13, 0, (("line 4", found[0].failed[0][1]),)),
    }
    assert found[0].failed[0][1].startswith("not JSON")
    text = csv_rows(tmp_path / "table.csv")
    table = pyarrow.parquet.read_table(tmp_path / "table.parquet")
    assert table.column_names == list(COLUMN_TYPES) == list(text[0])
    for written, row in zip(text, table.to_pylist(), strict=True):
        for column, kind in COLUMN_TYPES.items():
            expected = "" if row[column] is None else str(row[column])
            assert written[column] == expected
            assert row[column] is None or type(row[column]) is kind
    assert [row["id"] for row in text][:5] == [*list(ROWS)[:3], "line 4", list(ROWS)[3]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.jsonl", "table.csv", "table.parquet"]


def test_a_folder_is_searched_and_bad_files_are_listed(folder: Path, tmp_path: Path) -> None:
    found = analyze_structures(folder, tmp_path / "table.csv")
    rows = {row["source"]: row for row in csv_rows(tmp_path / "table.csv")}
    assert set(rows) == {"damaged.cif", "deep/POSCAR", "other.json", "salt.cif"}
    assert [source for source, _ in found.failed] == ["damaged.cif", "other.json"]
    assert all("cannot be read as a structure" in reason for _, reason in found.failed)
    assert rows["deep/POSCAR"]["space_group_symbol"] == "Pm-3m"
    assert rows["salt.cif"]["problem"] == ""
    assert rows["damaged.cif"]["formula"] == ""


POSCARS = ("POSCAR", "POSCAR.salt", "CONTCAR", "a.vasp", "a.poscar")
WRITTEN_AS = {
    "a.cif": "cif", "a.mcif": "cif", "a.xsf": "xsf", "a.cssr": "cssr", "a.json": "json",
    **dict.fromkeys(POSCARS, "poscar"),
}  # fmt: skip


@pytest.mark.parametrize("name", [*WRITTEN_AS, "a.cif.gz"])
def test_every_kind_of_file_is_found_and_read(name: str, tmp_path: Path) -> None:
    text = SALT.to(fmt=WRITTEN_AS.get(name, "cif"))
    (tmp_path / name).write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    found = analyze_structures(tmp_path, tmp_path / "table.csv")
    assert found.failed == ()
    assert [row["space_group_symbol"] for row in csv_rows(tmp_path / "table.csv")] == ["Fm-3m"]


def test_every_pattern_is_tested() -> None:
    names = [*WRITTEN_AS, "a.cif.gz"]
    assert all(any(Path(name).match(pattern) for name in names) for pattern in PATTERNS)


def test_workers_and_backends_write_the_same(data: Path, tmp_path: Path) -> None:
    analyze_structures(data, tmp_path / "alone.csv")
    analyze_structures(data, tmp_path / "loky.csv", workers=2)
    with joblib.parallel_config(backend="threading"):
        analyze_structures(data, tmp_path / "threads.csv", workers=-1)
    alone = (tmp_path / "alone.csv").read_bytes()
    assert (tmp_path / "loky.csv").read_bytes() == alone
    assert (tmp_path / "threads.csv").read_bytes() == alone


# -- interrupted runs ---------------------------------------------------------------------------------------------


def interrupted(data: Path, out: Path) -> Path:
    """A run that ends after its first part; the journal that it leaves."""

    def stop(done: int, total: int) -> None:
        assert 0 < done < total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyze_structures(data, out, progress=stop)
    assert not out.exists()
    return out.with_name(f"{out.name}.journal")


def resumed(data: Path, out: Path) -> Analysis:
    """The run that goes on, whose table is that of a run that was never interrupted."""
    found = analyze_structures(data, out)
    fresh = out.with_name("fresh.csv")
    analyze_structures(data, fresh)
    assert out.read_bytes() == fresh.read_bytes()
    assert not out.with_name(f"{out.name}.journal").exists()
    return found


def test_an_interrupted_run_goes_on(data: Path, tmp_path: Path) -> None:
    journal = interrupted(data, tmp_path / "table.csv")
    done = len(journal.read_text().splitlines()) - 1
    assert done > 0
    assert resumed(data, tmp_path / "table.csv").resumed == done


def test_a_line_that_was_cut_off_is_done_again(data: Path, tmp_path: Path) -> None:
    journal = interrupted(data, tmp_path / "table.csv")
    content = journal.read_bytes()
    done = content.count(b"\n") - 1
    journal.write_bytes(content[:-20])
    assert resumed(data, tmp_path / "table.csv").resumed == done - 1


def test_a_line_that_has_changed_is_done_again(data: Path, tmp_path: Path) -> None:
    journal = interrupted(data, tmp_path / "table.csv")
    done = len(journal.read_text().splitlines()) - 1
    lines = data.read_text().splitlines()
    lines[0] = lines[1]
    data.write_text("\n".join(lines) + "\n")
    assert resumed(data, tmp_path / "table.csv").resumed == done - 1


def test_a_file_that_has_changed_is_done_again(folder: Path, tmp_path: Path) -> None:
    interrupted(folder, tmp_path / "table.csv")  # its first part is damaged.cif
    SALT.to(str(folder / "damaged.cif"))
    found = resumed(folder, tmp_path / "table.csv")
    assert (found.resumed, [source for source, _ in found.failed]) == (0, ["other.json"])


def test_a_journal_of_other_options_is_refused(data: Path, tmp_path: Path) -> None:
    journal = interrupted(data, tmp_path / "table.csv")
    with pytest.raises(ValueError, match=r"other options .* delete it to begin anew"):
        analyze_structures(data, tmp_path / "table.csv", symprec=0.1)
    journal.write_text("nonsense\n")
    with pytest.raises(ValueError, match="is no journal of this command"):
        analyze_structures(data, tmp_path / "table.csv")
    journal.write_bytes(b"")
    with pytest.raises(ValueError, match="is no journal of this command"):
        analyze_structures(data, tmp_path / "table.csv")


# -- refusals and the command -------------------------------------------------------------------------------------


def test_bad_input_is_refused(data: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for source, out, options, message in (
        (data, "table.txt", {}, "neither .parquet nor .csv"),
        (data, "nowhere/table.csv", {}, "is not a folder"),
        (empty, "table.csv", {}, "has no structure files"),
        (tmp_path / "nothing", "table.csv", {}, "cannot be read: No such file"),
        (data, "table.csv", {"symprec": -1.0}, "symprec is a positive length"),
        (data, "table.csv", {"workers": 0}, "number of workers"),
    ):
        with pytest.raises(ValueError, match=message):
            analyze_structures(source, tmp_path / out, **options)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.jsonl", "empty"]


def test_command(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.parquet"
    result = CliRunner().invoke(app, ["analyze", str(folder), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "4 rows\n2 without symmetry" in result.stdout
    assert result.stderr == ""
    again = CliRunner().invoke(app, ["analyze", str(folder), "--out", str(out), "--json"])
    data = json.loads(again.stdout)
    assert (data["rows"], data["resumed"], len(data["failed"])) == (4, 0, 2)


def test_command_fails_where_every_structure_does(tmp_path: Path) -> None:
    (tmp_path / "one.cif").write_text("nothing")
    result = CliRunner().invoke(app, ["analyze", str(tmp_path), "--out", str(tmp_path / "table.csv")])
    assert result.exit_code == 1
    assert len(csv_rows(tmp_path / "table.csv")) == 1


def test_command_refuses(data: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["analyze", str(data), "--out", str(tmp_path / "table.txt")])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: 'table.txt' is neither")

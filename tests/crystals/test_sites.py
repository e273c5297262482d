"""Orbits of atoms and their site groups, against a search atom by atom and spglib."""

import warnings

import numpy as np
import pytest
import spglib
from crystals.redescriptions import fixture_rows, structure_of

from pointgroups import crystal_symmetry, point_group

ROWS = fixture_rows()


@pytest.mark.parametrize("material_id", ROWS, ids=lambda m: f"{ROWS[m]['class']}-{m}")
class TestSites:
    def test_a_site_group_is_what_leaves_the_atom_in_place(self, material_id):
        symmetry = crystal_symmetry(structure_of(ROWS[material_id]))
        operations = symmetry.operations
        for atom, site in enumerate(symmetry.site_groups):
            expected = []
            for k in range(len(operations)):
                image = operations.lattice_rotations[k] @ symmetry.frac_coords[atom] + operations.translations[k]
                apart = image - symmetry.frac_coords[atom]
                if np.linalg.norm((apart - np.rint(apart)) @ symmetry.lattice) < 1e-6:
                    expected.append(int(operations.elements[k]))
            assert site.elements.tolist() == sorted(expected)
            assert operations.elements[site.operations].tolist() == site.elements.tolist()

    def test_a_site_group_is_a_subgroup_with_the_name_that_spglib_gives(self, material_id):
        symmetry = crystal_symmetry(structure_of(ROWS[material_id]))
        product = symmetry.group.product
        for site in symmetry.site_groups:
            elements = site.elements
            assert set(product[np.ix_(elements, elements)].ravel()) == set(elements.tolist())
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                symbol = spglib.get_pointgroup(symmetry.operations.lattice_rotations[site.operations])[0]
            assert site.group.schoenflies == point_group(symbol.strip()).schoenflies

    def test_the_named_group_has_the_rotations_of_the_site(self, material_id):
        symmetry = crystal_symmetry(structure_of(ROWS[material_id]))
        for orbit in symmetry.orbits:
            ours = symmetry.group.rotations[orbit.site_group.elements]
            named = orbit.site_group.group.rotations
            assert len(named) == len(ours)
            assert np.abs(named[:, None] - ours).max(axis=(2, 3)).min(axis=1).max() < 1e-9

    def test_orbits(self, material_id):
        symmetry = crystal_symmetry(structure_of(ROWS[material_id]))
        atoms = sorted(atom for orbit in symmetry.orbits for atom in orbit.atoms)
        assert atoms == list(range(len(symmetry.species)))
        for orbit in symmetry.orbits:
            for atom in orbit.atoms:
                assert set(symmetry.permutations[:, atom]) == set(orbit.atoms)
                assert symmetry.wyckoff[atom] == orbit.wyckoff
            assert len(orbit.atoms) * len(orbit.site_group) == len(symmetry.operations)  # orbit and stabiliser

    def test_orbits_and_letters_are_spglibs(self, material_id):
        structure = structure_of(ROWS[material_id])
        symmetry = crystal_symmetry(structure)
        if not symmetry.symmetry_is_clear:
            pytest.skip("spglib's answer depends on the order of the atoms here")
        numbers = [site.specie.Z for site in structure]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            cell = (structure.lattice.matrix, structure.frac_coords, numbers)
            dataset = spglib.get_symmetry_dataset(cell, symprec=0.01)
        for orbit in symmetry.orbits:
            assert len({int(dataset.crystallographic_orbits[atom]) for atom in orbit.atoms}) == 1
        assert len(symmetry.orbits) == len(set(dataset.crystallographic_orbits.tolist()))
        assert len(set(zip(symmetry.wyckoff, dataset.wyckoffs, strict=True))) == len(set(dataset.wyckoffs))

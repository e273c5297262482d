"""What the symmetry of a site allows: shells, ligands, crystal fields, site tensors, displacements of atoms."""

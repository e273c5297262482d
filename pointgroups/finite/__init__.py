"""Any finite group, from generators: closure, characters, irreps, labels, the icosahedral and axial families."""

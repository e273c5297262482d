"""Labels of irreps in the schemes of other tables, and the maps between schemes."""

"""From the features of atoms to properties of a crystal."""

"""Tensors: index symmetries, Young symmetrisers, GL(3) → O(3) → point group, allowed forms, measured tensors."""

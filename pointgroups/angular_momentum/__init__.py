"""Angular momentum with the phases of Condon and Shortley: Clebsch–Gordan coefficients and complex harmonics."""

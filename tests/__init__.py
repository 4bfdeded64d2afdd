"""Tests mirror the sources path for path; beside them integration/ (real servers) and story/ (what people see)."""

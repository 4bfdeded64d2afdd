"""What the laws of the evidence itself need, without a house."""

from tests.support.sandboxes import provider, sandbox

__all__ = ["provider", "sandbox"]

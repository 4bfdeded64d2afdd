"""The providers that dispatch calls in tests are the sandbox's."""

from tests.support.sandboxes import provider, sandbox

__all__ = ["provider", "sandbox"]

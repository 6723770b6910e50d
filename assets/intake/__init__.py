"""Bringing feeds in. The readers are pure (bytes in, records out); `run` stages and writes what they found."""

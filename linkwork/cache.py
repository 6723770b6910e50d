"""A cache that may be away: then it is empty, and says so in the log.

It holds only what can be worked out again, and counts of tries. While Redis is down nobody is kept from signing in;
tries are not counted meanwhile.
"""

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


class CacheThatMayBeAway(RedisCache):
    def add(self, *args, **kwargs):
        return self._or(True, super().add, *args, **kwargs)

    def get(self, key, default=None, version=None):
        return self._or(default, super().get, key, default, version)

    def set(self, *args, **kwargs):
        return self._or(None, super().set, *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._or(False, super().delete, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        return self._or(delta, super().incr, key, delta, version)

    def _or(self, instead, ask, *args, **kwargs):
        try:
            return ask(*args, **kwargs)
        except RedisError:
            logger.warning("cache_away")
            return instead

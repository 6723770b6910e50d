"""Test data without surprises: nothing random, nothing a test did not ask for.

Names and dates are fixed; numbers come from the 999 range that no real person has.
"""

from tests.factories.accounts import *
from tests.factories.assets import *
from tests.factories.caseload import *
from tests.factories.insight import *
from tests.factories.referrals import *

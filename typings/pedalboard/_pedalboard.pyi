# Parameters that pedalboard is not to look at.
import re

PARAMETER_NAME_REGEXES_TO_IGNORE: set[re.Pattern[str]]

"""Who reaches the pages of exercises: each part keeps its own list."""

from web.exercises import crisis_access, debriefing_access, live_access, preparing_access

ADDRESSES = {
    **live_access.ADDRESSES,
    **debriefing_access.ADDRESSES,
    **crisis_access.ADDRESSES,
    **preparing_access.ADDRESSES,
}

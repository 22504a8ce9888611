"""The sample conversations, by name, in the order they are shown."""

from collections.abc import Mapping
from typing import Final

from voice_service.rehearsal.model import Sample
from voice_service.rehearsal.samples.booked import BOOKED
from voice_service.rehearsal.samples.for_staff import FOR_STAFF
from voice_service.rehearsal.samples.no_lead import NO_LEAD

SAMPLES: Final[Mapping[str, Sample]] = {
    sample.name: sample for sample in (*BOOKED, *FOR_STAFF, *NO_LEAD)
}

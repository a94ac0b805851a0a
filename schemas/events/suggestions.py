"""The life of proposals and hazards."""

from schemas.objects import Proposal
from schemas.registry import Fact, fact
from schemas.topics import Topic


class _OfProposal(Fact, frozen=True, kw_only=True):
    proposal: Proposal

    @property
    def subject(self) -> str:
        return self.proposal.id


@fact("proposal.submitted", Topic.SUGGESTIONS)
class ProposalSubmitted(_OfProposal, frozen=True, kw_only=True):
    """A worker handed in a proposal; it is an entry on the drive's board from here on."""


@fact("proposal.screened", Topic.SUGGESTIONS)
class ProposalScreened(_OfProposal, frozen=True, kw_only=True):
    """Someone checked that it can be reviewed."""


@fact("proposal.merged", Topic.SUGGESTIONS)
class ProposalMerged(_OfProposal, frozen=True, kw_only=True):
    """It was found to be the same as an earlier one (`merged_into`)."""


@fact("proposal.reviewed", Topic.SUGGESTIONS)
class ProposalReviewed(_OfProposal, frozen=True, kw_only=True):
    """Its panel has finished marking."""


@fact("proposal.adopted", Topic.SUGGESTIONS)
class ProposalAdopted(_OfProposal, frozen=True, kw_only=True):
    """It will be carried out."""


@fact("proposal.declined", Topic.SUGGESTIONS)
class ProposalDeclined(_OfProposal, frozen=True, kw_only=True):
    """It will not be carried out, with the reason that the proposer is told."""


@fact("proposal.implemented", Topic.SUGGESTIONS)
class ProposalImplemented(_OfProposal, frozen=True, kw_only=True):
    """It was carried out."""


@fact("proposal.verified", Topic.SUGGESTIONS)
class ProposalVerified(_OfProposal, frozen=True, kw_only=True):
    """Its benefit was measured and confirmed."""


@fact("vote.cast", Topic.SUGGESTIONS)
class VoteCast(_OfProposal, frozen=True, kw_only=True):
    """A person voted for it; `proposal.votes` is the count after."""

    voter: str


@fact("hazard.reported", Topic.SUGGESTIONS)
class HazardReported(_OfProposal, frozen=True, kw_only=True):
    """A hazard was reported (隐患)."""


@fact("hazard.closed", Topic.SUGGESTIONS)
class HazardClosed(_OfProposal, frozen=True, kw_only=True):
    """The hazard is gone and someone checked it."""

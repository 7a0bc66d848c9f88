"""The typed models of the field, a module a topic."""

from __future__ import annotations

from cosell.models.activity import (
    CO_SELLING_KINDS,
    Activity,
    ActivityKind,
)
from cosell.models.approval import (
    Approval,
    ApprovalOutcome,
    Covered,
)
from cosell.models.authored import (
    Answer,
    AuthoredText,
    ExternalId,
    Link,
    Note,
)
from cosell.models.business_case import (
    Bottleneck,
    BusinessCase,
    ProcessStep,
)
from cosell.models.conflict import (
    Conflict,
    Contender,
    Statement,
)
from cosell.models.contract import (
    Billing,
    Contract,
    OrderForm,
)
from cosell.models.customer import (
    Customer,
)
from cosell.models.deal import (
    Deal,
    DealTeam,
    LeadSource,
    NextSteps,
    Product,
)
from cosell.models.development_fund import (
    DevelopmentFund,
    FundRequest,
)
from cosell.models.discovery import (
    Competitor,
    Discovery,
    PainPoint,
    Technology,
    UseCase,
)
from cosell.models.evaluation import (
    Ask,
    Evaluation,
    EvaluationEvent,
    EvaluationIssue,
    GoNoGo,
    Reschedule,
    asked_by_several,
)
from cosell.models.fee_dispute import (
    FeeDispute,
)
from cosell.models.incentive_registration import (
    ExceptionRequest,
    IncentiveRegistration,
)
from cosell.models.lead import (
    DealRegistration,
    Lead,
    LeadAnswer,
    LeadOffer,
    ReferralKind,
)
from cosell.models.location import (
    CoSellProgram,
    Location,
    NotifiedContact,
    OperatingModel,
)
from cosell.models.mdp import (
    Mdp,
    MdpTask,
    WorkStream,
)
from cosell.models.onboarding import (
    Onboarding,
)
from cosell.models.opportunity import (
    Closing,
    Engagement,
    FeeActivity,
    Opportunity,
)
from cosell.models.paper_item import (
    PaperItem,
    PaperKind,
)
from cosell.models.partner import (
    Certification,
    CertificationKind,
    FeeRequirement,
    Lapse,
    Partner,
    PartnerContract,
    ProgramMembership,
    Validity,
)
from cosell.models.party import (
    Contact,
    Influence,
    Party,
    Stakeholder,
    StakeholderRole,
)
from cosell.models.payment import (
    FeeShare,
    FeeTerms,
    Invoice,
    Payment,
)
from cosell.models.poc import (
    SECTIONS,
    Closure,
    Poc,
    PocKind,
)
from cosell.models.poc_items import (
    Assumption,
    CriterionResult,
    GapPoint,
    Goal,
    Milestone,
    PocPerson,
    PocPersonCategory,
    PovObjectives,
    PovReadiness,
    Requirement,
    ScopeAgreement,
    ScopeRequest,
    SuccessCriterion,
)
from cosell.models.program import (
    Enrolment,
    Program,
    ProgramTerm,
)
from cosell.models.qualification import (
    Bant,
    Gpca,
    Meddpicc,
    Spiced,
)
from cosell.models.quote import (
    Quote,
)
from cosell.models.record import (
    NOT_STARTED,
    UNOPENED,
    Origin,
    Part,
    Record,
)
from cosell.models.referral import (
    Introduction,
    ReferralForm,
    ReferralQualification,
    ReferralStatus,
    ReferralSubstatus,
    ReferredLead,
    RegistrationStatus,
    SharedDeal,
    Sharing,
)
from cosell.models.registration import (
    Channel,
    EngagementModel,
    ExtensionRequest,
    Registration,
    RegistrationAnswer,
    RegistrationForm,
    RegistrationOutcome,
    Submission,
)
from cosell.models.security_review import (
    SecurityReview,
)
from cosell.models.trial import (
    TrialInstance,
)

__all__ = [
    "CO_SELLING_KINDS",
    "NOT_STARTED",
    "SECTIONS",
    "UNOPENED",
    "Activity",
    "ActivityKind",
    "Answer",
    "Approval",
    "ApprovalOutcome",
    "Ask",
    "Assumption",
    "AuthoredText",
    "Bant",
    "Billing",
    "Bottleneck",
    "BusinessCase",
    "Certification",
    "CertificationKind",
    "Channel",
    "Closing",
    "Closure",
    "CoSellProgram",
    "Competitor",
    "Conflict",
    "Contact",
    "Contender",
    "Contract",
    "Covered",
    "CriterionResult",
    "Customer",
    "Deal",
    "DealRegistration",
    "DealTeam",
    "DevelopmentFund",
    "Discovery",
    "Engagement",
    "EngagementModel",
    "Enrolment",
    "Evaluation",
    "EvaluationEvent",
    "EvaluationIssue",
    "ExceptionRequest",
    "ExtensionRequest",
    "ExternalId",
    "FeeActivity",
    "FeeDispute",
    "FeeRequirement",
    "FeeShare",
    "FeeTerms",
    "FundRequest",
    "GapPoint",
    "GoNoGo",
    "Goal",
    "Gpca",
    "IncentiveRegistration",
    "Influence",
    "Introduction",
    "Invoice",
    "Lapse",
    "Lead",
    "LeadAnswer",
    "LeadOffer",
    "LeadSource",
    "Link",
    "Location",
    "Mdp",
    "MdpTask",
    "Meddpicc",
    "Milestone",
    "NextSteps",
    "Note",
    "NotifiedContact",
    "Onboarding",
    "OperatingModel",
    "Opportunity",
    "OrderForm",
    "Origin",
    "PainPoint",
    "PaperItem",
    "PaperKind",
    "Part",
    "Partner",
    "PartnerContract",
    "Party",
    "Payment",
    "Poc",
    "PocKind",
    "PocPerson",
    "PocPersonCategory",
    "PovObjectives",
    "PovReadiness",
    "ProcessStep",
    "Product",
    "Program",
    "ProgramMembership",
    "ProgramTerm",
    "Quote",
    "Record",
    "ReferralForm",
    "ReferralKind",
    "ReferralQualification",
    "ReferralStatus",
    "ReferralSubstatus",
    "ReferredLead",
    "Registration",
    "RegistrationAnswer",
    "RegistrationForm",
    "RegistrationOutcome",
    "RegistrationStatus",
    "Requirement",
    "Reschedule",
    "ScopeAgreement",
    "ScopeRequest",
    "SecurityReview",
    "SharedDeal",
    "Sharing",
    "Spiced",
    "Stakeholder",
    "StakeholderRole",
    "Statement",
    "Submission",
    "SuccessCriterion",
    "Technology",
    "TrialInstance",
    "UseCase",
    "Validity",
    "WorkStream",
    "asked_by_several",
]

"""Routes of validation rules and of outliers."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import OrganisationId, VersionId
from services.measures.observations.importing import reporter_for
from services.measures.validation import domain
from services.measures.validation.kinds import Outlier as Test
from services.measures.validation.outliers import Against, Method
from services.measures.validation.schemas import NewRule, Outlier, Outliers, RuleChanges, RuleId, ValidationRule
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["validation"])
OfVersion = Annotated[VersionId | None, Query(description="Only rules of this version.")]
Retired = Annotated[bool, Query(description="Also rules that are retired.")]
Reporter = Annotated[
    OrganisationId | None, Query(description="Whose figures; left out, the caller's own. An organisation sees its own.")
]
Threshold = Annotated[float | None, Query(gt=0, le=100, description="Left out, 3.5 for `robust_z`, 1.5 for `iqr`.")]


@router.post("/v1/validation-rules", status_code=201, response_model=ValidationRule, **needs("measures:write"))
async def create_validation_rule(call: Call, body: NewRule) -> Response:
    """Ask something of a version's figures: bounds, change since the period before, sums, required cells, outliers.

    A return is held to every rule that is not retired when it is submitted.
    """
    return tagged(await call.write(domain.create_rule, body, answer=ValidationRule.of))


@router.get("/v1/validation-rules", response_model=Page[ValidationRule], **needs("measures:read"))
async def list_validation_rules(
    call: Call, paging: Paging, measure_version: OfVersion = None, retired: Retired = False
) -> Page[ValidationRule]:
    """The movement's rules, oldest first."""
    rules = await call.read(domain.list_rules, measure_version, retired, paging.after_id, paging.fetch)
    return paging.page(rules, ValidationRule.of, lambda rule: (rule.id,))


@router.get("/v1/validation-rules/{rule}", response_model=ValidationRule, **needs("measures:read"))
async def read_validation_rule(call: Call, rule: RuleId, response: Response) -> ValidationRule:
    """One rule."""
    found = await call.read_by_key(domain.read_rule, rule)
    response.headers["etag"] = tag_of(found.version)
    return ValidationRule.of(found)


@router.patch("/v1/validation-rules/{rule}", response_model=ValidationRule, **needs("measures:write"))
async def change_validation_rule(call: Call, rule: RuleId, body: RuleChanges, expected: Expected) -> Response:
    """Change a rule, retire it, or take it up again."""
    return tagged(await call.write(domain.change_rule, rule, body, expected, answer=ValidationRule.of))


@router.get("/v1/observations/outliers", response_model=Outliers, **needs("observations:read"))
async def list_outliers(
    call: Call,
    measure_version: Annotated[VersionId, Query()],
    period: Annotated[str, Query(max_length=20, examples=["2024/25"])],
    reporter: Reporter = None,
    method: Method = Method.ROBUST_Z,
    against: Against = Against.HISTORY,
    threshold: Threshold = None,
) -> Outliers:
    """The outliers among one reporter's figures of a period, against its earlier ones or against other places.

    Each says by which method it is one, with its threshold, median, spread and bounds. Fewer than five figures to
    compare with, or more than half of them alike, and nothing is called an outlier.
    """
    test = Test(kind="outlier", method=method, against=against, threshold=threshold)
    whose = await reporter_for(call, reporter, "?reporter")
    found = await call.read(domain.outliers, measure_version, whose, period, test)
    return Outliers(data=[Outlier.of(each) for each in found])

"""How an import is asked for and reported."""

from datetime import datetime

from pydantic import Field

from services.measures.fields import ImportId, OrganisationId, Provenance, VersionId
from services.measures.formats.models import Format
from services.measures.formats.reading import Reading
from services.measures.imports.domain import Report
from services.measures.imports.models import ImportFault, ImportStatus, Kind, OnError
from shared.fields import Body, View


class ImportQuery(Body):
    """How a file is to be read, and what is to be done with it."""

    columns: str = Field(
        "",
        max_length=2000,
        description="Which column of the file holds what, `meaning:column` separated by commas; a column whose name "
        "holds a comma is put in quotation marks with its meaning. Left out, columns are found by the meanings' names.",
        examples=["code:area_code,name:area_name,kind:area_type"],
    )
    dry_run: bool = Field(False, description="Only report what the import would do; nothing is changed.")
    on_error: OnError = Field(
        OnError.REJECT, description="`reject`: one bad row and nothing is taken. `skip`: the good rows are taken."
    )


class ObservationImportQuery(ImportQuery):
    """How a file of figures is to be read."""

    measure_version: VersionId = Field(description="The published version of a measure that the figures are of.")
    columns: str = Field(
        "",
        max_length=2000,
        description="Which column of the file holds what. Meanings: `place`, `period` (both needed), `value`, "
        "`numerator`, `denominator`, `n`, `sum_x`, `sum_x2`, `bound`, `cell`, `programme`, `activity`, `status`.",
        examples=["place:area_code,period:period,value:value"],
    )
    format: Format = Format.CSV
    sheet: str | None = Field(None, max_length=100, description="Of a workbook: the sheet; left out, the first.")
    header_row: int = Field(1, ge=1, le=1000, description="Of a workbook: the row in which its header stands.")
    reporter: OrganisationId | None = Field(
        None, description="The partner whose figures these are, where the movement enters them on its behalf."
    )
    provenance: Provenance | None = Field(
        None, description="Where the figures come from: source and licence, in words."
    )
    reason: Provenance | None = Field(None, description="Why figures that are known already are corrected, in words.")

    def reading(self) -> Reading:
        """How the file is to be read."""
        return Reading(self.format, self.columns, self.measure_version, self.sheet, self.header_row)


class RowFault(View):
    """One fault of one row. `row` counts from 1 for the first row of data (the header is 0)."""

    row: int
    column: str | None = Field(description="The file's own name of the column; null when the fault is the whole row's.")
    reason: str
    code: str = Field(description="A stable word for the kind of fault.", examples=["unknown_place"])

    @classmethod
    def of(cls, fault: ImportFault) -> "RowFault":
        return cls(row=fault.row, column=fault.column, reason=fault.reason, code=fault.code)


class ImportReport(View):
    """What became of a file. `rows` is the sum of `new`, `revised`, `unchanged`, `repeated` and `faulty`.

    In a dry run the counts are what an import would do; in a rejected file nothing was compared.
    """

    id: ImportId
    status: ImportStatus
    measure_version: VersionId | None = Field(description="For figures: the version that they are of.")
    rows: int = Field(description="Rows of data in the file.")
    new: int = Field(description="Rows that say something not known before.")
    revised: int = Field(description="Rows that change what was known; of figures, the earlier revision is kept.")
    unchanged: int = Field(description="Rows that say what was known already.")
    repeated: int = Field(description="Rows that only repeat another row of the file.")
    faulty: int = Field(description="Rows with a fault.")
    fault_count: int = Field(description="Faults in all; a row may have several.")
    faults: list[RowFault] = Field(description="The first 100 faults.")
    faults_url: str = Field(description="Where all the faults are listed.")
    created_at: datetime
    recorded_at: datetime | None = Field(description="From when on the figures were known; null when none were taken.")

    @classmethod
    def of(cls, report: Report) -> "ImportReport":
        file, faults = report
        return cls(
            id=file.id, status=ImportStatus(file.status), measure_version=file.version, rows=file.rows, new=file.new,
            revised=file.revised, unchanged=file.unchanged, repeated=file.repeated, faulty=file.faulty,
            fault_count=file.faults, faults=[RowFault.of(fault) for fault in faults],
            faults_url=f"/v1/jobs/{file.job}/faults" if file.job else faults_url(Kind(file.kind), file.id),
            created_at=file.created_at, recorded_at=file.recorded_at,
        )  # fmt: skip


def faults_url(kind: Kind, import_id: str) -> str:
    """Where an import's faults are listed."""
    return f"/v1/{kind.value}/imports/{import_id}/faults"

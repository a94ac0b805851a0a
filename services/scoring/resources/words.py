"""The texts and numbers that bodies of scoring are made of. A limit before a validator costs nothing."""

from typing import Annotated

from pydantic import Field

from services.kit.resources import Number, Storable

AspectPath = Annotated[str, Field(max_length=400), Storable]
StagePath = Annotated[str, Field(max_length=200), Storable]
NewId = Annotated[str, Field(min_length=1, max_length=64), Storable]
Remark = Annotated[str, Field(max_length=2_000), Storable]
Reason = Annotated[str, Field(min_length=1, max_length=2_000), Storable]
Marks = Annotated[dict[AspectPath, Number | None], Field(max_length=1_000)]
Notes = Annotated[dict[AspectPath, Remark], Field(max_length=1_000)]
Count = Annotated[int, Field(ge=1, le=1_000)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]

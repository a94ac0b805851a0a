from services.kit.natural import natural


def test_numbers_inside_codes_are_ordered_as_numbers() -> None:
    codes = ["10", "2", "w-10-b", "w-2", "W-10-a", "焊工12", "焊工3", "w", ""]

    assert sorted(codes, key=natural) == ["", "2", "10", "w", "w-2", "W-10-a", "w-10-b", "焊工3", "焊工12"]

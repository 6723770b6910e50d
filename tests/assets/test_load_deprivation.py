"""Indices and postcode directories, told apart by their columns."""

import json

import pytest
from django.core.management import CommandError, call_command

from assets.models import AreaDeprivation, Postcode, deprivation_by_postcode, deprivation_of
from tests.shared_data import shared

pytestmark = pytest.mark.django_db

SIMD = "DZ,SIMD2020v2_Rank,SIMD2020v2_Decile\nS01010452,2061,3\nS01010273,4881,7\n"
IMD = "lsoa11cd,lad19cd,imd_rank,imd_decile\nE01000001,E09000001,29199,9\n"
IMD_2025 = (
    "LSOA code (2021),Local Authority District code (2024),"
    "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),"
    "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)\n"
    "E01000001,E09000001,4000,2\n"
)
ONSPD = (
    "pcd,pcds,dointr,doterm,lsoa11,lsoa21,lat,long\n"
    "EC1A1AA,EC1A 1AA,198001,,E01000001,E01000001,51.52,-0.1\n"
    "G13 3AE,G13 3AE,197308,201501,S01010452,S01013999,55.88842,-4.36412\n"
    "GIR 0AA,GIR 0AA,197001,,E01000001,E01000001,53.45,-2.99\n"
    "GY1 1AA,GY1 1AA,199801,,L99999999,L99999999,99.999999,0.000000\n"
)


@pytest.fixture
def load(tmp_path, capsys):
    """load(text, …) loads each text as a file; gives what it printed as JSON."""

    def loaded(*texts):
        files = [tmp_path / f"{n}.csv" for n in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text)
        call_command("load_deprivation", *map(str, files), json=True)
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return loaded


def test_files_are_told_apart_by_what_is_in_them(load):
    assert load(ONSPD, SIMD, IMD, IMD_2025) == {"postcodes": 3, "SIMD 2020v2": 2, "IMD 2019": 1, "IMD 2025": 1}


def test_decile_names_its_index_and_edition(load):
    load(ONSPD, SIMD, IMD)

    assert str(deprivation_of("G13 3AE")) == "SIMD 2020v2 decile 3 (1 is most deprived)"
    assert str(deprivation_of("ec1a1aa")) == "IMD 2019 decile 9 (1 is most deprived)"
    assert deprivation_of("G13 3AE").decile_kind == "Equal numbers of areas"


def test_newest_edition_that_covers_a_postcode_counts(load):
    load(ONSPD, IMD_2025, IMD)

    assert str(deprivation_of("EC1A 1AA")) == "IMD 2025 decile 2 (1 is most deprived)"


@pytest.mark.parametrize("postcode", ["G2 8AE", "GY1 1AA", "not one", ""])
def test_postcode_without_a_decile_has_none(load, postcode):
    load(ONSPD, SIMD, IMD)

    assert deprivation_of(postcode) is None


def test_deciles_of_many_postcodes_take_two_queries(load, django_assert_num_queries):
    load(ONSPD, SIMD, IMD)

    with django_assert_num_queries(2):
        found = deprivation_by_postcode(["G13 3AE", "g133ae", "EC1A 1AA", "GY1 1AA", "G2 8AE", "?"])

    assert {given: decile.decile for given, decile in found.items()} == {"G13 3AE": 3, "g133ae": 3, "EC1A 1AA": 9}


def test_postcode_with_no_place_has_no_place(load):
    load(ONSPD)

    nowhere = Postcode.objects.get(pk="GY1 1AA")
    assert (nowhere.latitude, nowhere.longitude, nowhere.areas) == (None, None, {})


def test_loading_twice_changes_nothing(load):
    load(ONSPD, SIMD)
    before = list(Postcode.objects.order_by("pk").values()), list(AreaDeprivation.objects.order_by("id").values())

    load(ONSPD, SIMD)

    after = list(Postcode.objects.order_by("pk").values()), list(AreaDeprivation.objects.order_by("id").values())
    assert after == before


def test_second_directory_fills_gaps_and_empties_nothing(load):
    load(ONSPD)

    load("pcds,lsoa11,lat,long\nEC1A 1AA,E01000001,51.53,-0.1\n")

    place = Postcode.objects.get(pk="EC1A 1AA")
    assert (place.lsoa2021, place.latitude) == ("E01000001", 51.53)


def test_postcode_given_out_again_is_the_one_in_use(load):
    load("pcds,doterm,lsoa11,lat,long\nG2 8AE,201701,E01000001,55.8,-4.2\nG2 8AE,,E01000002,55.9,-4.2\n")

    assert Postcode.objects.get().lsoa2011 == "E01000002"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a SIMD or IMD file, nor a postcode directory"),
        ("Name,Postcode\nOne,G2 8AE\n", "not a SIMD or IMD file, nor a postcode directory"),
        ("DZ,SIMD2020v2_Rank\nS01010452,2061\n", "a SIMD 2020v2 file without its deciles"),
        (IMD.replace("lad19cd", "lad99cd"), "an IMD file whose edition cannot be told from its columns"),
        (SIMD + "S01010274,12,11\n", "line 4 has an area, rank or decile that cannot be"),
        (SIMD + "S01000001,12,1\n", "line 4 has an area, rank or decile that cannot be"),
        (SIMD + "S01010274\n", "line 4 has no area, rank and decile"),
        (ONSPD + "G1 1AA,G1 1AA,x,,,,north,west\n", "line 6 cannot be read as a line of a postcode directory"),
        ("DZ,SIMD2020v2_Rank,SIMD2020v2_Decile\n", "no rows"),
    ],
)
def test_damaged_or_other_file_stops_everything(load, text, why):
    with pytest.raises(CommandError, match=f"{why}. Nothing was loaded."):
        load(IMD, text)


@pytest.mark.django_db(transaction=True)
def test_good_file_is_not_loaded_beside_a_damaged_one(load):
    with pytest.raises(CommandError):
        load(IMD, SIMD + "S01010274\n")

    assert AreaDeprivation.objects.count() == 0


def test_missing_file_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory. Nothing was loaded."):
        call_command("load_deprivation", str(tmp_path / "none.csv"))


def test_published_files_give_the_deciles_looked_up_by_hand(capsys):
    """Postcode, data zone and decile read from the three files by eye."""
    files = [
        "postcodes/scottish_postcode_directory_SmallUser_sample.csv",
        "deprivation/simd2020v2_datazones.csv",
        "deprivation/imd2019_england_lsoa2011.csv",
    ]

    call_command("load_deprivation", *(str(shared(file)) for file in files), json=True)

    assert json.loads(capsys.readouterr().out) == {"postcodes": 101, "SIMD 2020v2": 6976, "IMD 2019": 32844}
    looked_up = {"G13 3AE": 3, "G2 8AE": 7, "G42 9AS": 3, "EH9 3HF": 9, "AB22 8YP": 10, "G46 8RE": 1, "KY8 5QA": 5}
    found = deprivation_by_postcode(looked_up)
    assert {postcode: found[postcode].decile for postcode in looked_up} == looked_up
    assert len(deprivation_by_postcode(Postcode.objects.values_list("pk", flat=True))) == 101
    assert Postcode.objects.get(pk="PA31 8UA").dz2011 == "S01007313"

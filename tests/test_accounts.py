"""Accounts and sign-ins, as the records keep them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, select

from cpom_tutor.accounts import IDLE, LONGEST_SIGN_IN, Role, new_password
from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput, NotAllowed, NotFound
from cpom_tutor.records.store import SqlRecords, open_records

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "correct horse"


@pytest.fixture
def records(tmp_path: Path, database_url: str | None) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path, database_url=database_url))
    yield store
    for account in store.accounts():  # a server's database is the next test's too
        store.delete_account(account.name)
    store.close()


@pytest.fixture
def ada(records: SqlRecords) -> str:
    return records.add_account("Ada", PASSWORD, role=Role.LEARNER, shown_as=" Ada  Lovelace ", group="Autumn").learner


def test_an_account_is_a_learner_with_a_name(records: SqlRecords, ada: str) -> None:
    account = records.account(" ADA ")
    assert (account.name, account.shown_as, account.group, account.role) == (
        "ada", "Ada Lovelace", "Autumn", Role.LEARNER,
    )  # fmt: skip
    assert account.learner == ada
    assert records.has_learner(ada)
    assert records.accounts() == (account,)


@pytest.mark.parametrize("name", ["", "  ", "a b", "a\nda", "<b>", "x" * 65, "ada;drop"])
def test_a_name_that_cannot_be_one_is_refused(records: SqlRecords, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be a sign-in name;"):
        records.add_account(name, PASSWORD, role=Role.LEARNER)
    assert not records.has_accounts()


@pytest.mark.parametrize("name", ["ada", "ADA", " Ada "])
def test_a_name_is_there_once_whatever_its_case(records: SqlRecords, ada: str, name: str) -> None:
    with pytest.raises(BadInput, match="is an account “ada” already;"):
        records.add_account(name, PASSWORD, role=Role.INSTRUCTOR)
    assert records.account("ada").learner == ada


@pytest.mark.parametrize("password", ["", "short", "x" * 201, "ada-lovelace", " Ada-Lovelace "])
def test_a_password_that_cannot_be_one_is_refused(records: SqlRecords, password: str) -> None:
    with pytest.raises(BadInput, match="password"):
        records.add_account("ada-lovelace", password, role=Role.LEARNER)


@pytest.mark.parametrize("password", ["8 charac", "pässwört ✓", "\ud800 half a pair", " spaces count "])
def test_any_characters_make_a_password(records: SqlRecords, password: str) -> None:
    records.add_account("ada", password, role=Role.LEARNER)
    assert records.sign_in("ada", password, NOON)
    with pytest.raises(NotAllowed):
        records.sign_in("ada", password.strip() + "x", NOON)


@pytest.mark.usefixtures("ada")
def test_nothing_that_opens_a_door_stands_in_the_database(
    records: SqlRecords, tmp_path: Path, database_url: str | None
) -> None:
    token = records.sign_in("ada", PASSWORD, NOON)
    engine = create_engine(database_url or f"sqlite:///{tmp_path}/records.sqlite")
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        kept = "\n".join(str(tuple(row)) for table in tables.sorted_tables for row in connection.execute(select(table)))
    engine.dispose()
    assert "$argon2id$" in kept
    assert PASSWORD not in kept
    assert token not in kept


def test_a_sign_in_is_whose_it_is(records: SqlRecords, ada: str) -> None:
    token = records.sign_in("ADA ", PASSWORD, NOON)
    account = records.signed_in(token, NOON)
    assert account is not None
    assert account.learner == ada
    for other in ("", "made-up", token[:-1], token.upper(), "\ud800"):
        assert records.signed_in(other, NOON) is None


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong horse"), ("ada", ""), ("bob", PASSWORD), ("", "")])
@pytest.mark.usefixtures("ada")
def test_a_wrong_name_and_a_wrong_password_look_alike(records: SqlRecords, name: str, password: str) -> None:
    with pytest.raises(NotAllowed, match=r"^The name or the password is not right;"):
        records.sign_in(name, password, NOON)


@pytest.mark.usefixtures("ada")
def test_a_sign_in_that_is_not_used_ends(records: SqlRecords) -> None:
    token = records.sign_in("ada", PASSWORD, NOON)
    assert records.signed_in(token, NOON + IDLE - timedelta(minutes=1))
    assert records.signed_in(token, NOON + 2 * IDLE - timedelta(minutes=2)), "its use had prolonged it"
    assert records.signed_in(token, NOON + 3 * IDLE) is None


@pytest.mark.usefixtures("ada")
def test_a_sign_in_ends_however_much_it_is_used(records: SqlRecords) -> None:
    token = records.sign_in("ada", PASSWORD, NOON)
    day = timedelta(days=1)
    lasted = [n for n in range(60) if records.signed_in(token, NOON + n * day)]
    assert lasted == list(range(LONGEST_SIGN_IN // day))


@pytest.mark.usefixtures("ada")
def test_whoever_signs_out_is_out_on_that_browser_alone(records: SqlRecords) -> None:
    phone, laptop = (records.sign_in("ada", PASSWORD, NOON) for _ in range(2))
    records.sign_out(phone)
    records.sign_out("made-up")
    assert records.signed_in(phone, NOON) is None
    assert records.signed_in(laptop, NOON)


@pytest.mark.usefixtures("ada")
def test_a_changed_password_ends_the_other_sign_ins(records: SqlRecords) -> None:
    here, elsewhere = (records.sign_in("ada", PASSWORD, NOON) for _ in range(2))
    records.change_password("ada", PASSWORD, "battery staple", keep=here)
    assert records.signed_in(here, NOON)
    assert records.signed_in(elsewhere, NOON) is None
    with pytest.raises(NotAllowed):
        records.sign_in("ada", PASSWORD, NOON)
    assert records.sign_in("ada", "battery staple", NOON)


@pytest.mark.usefixtures("ada")
def test_a_password_is_changed_by_who_knows_the_old_one(records: SqlRecords) -> None:
    with pytest.raises(NotAllowed, match="old password is not right, so nothing was changed;"):
        records.change_password("ada", "wrong horse", "battery staple")
    with pytest.raises(BadInput, match="the old password again;"):
        records.change_password("ada", PASSWORD, PASSWORD)
    assert records.sign_in("ada", PASSWORD, NOON)


def test_a_password_that_somebody_else_made_is_temporary_until_it_is_changed(records: SqlRecords) -> None:
    made = new_password()
    records.add_account("ada", made, role=Role.LEARNER, temporary=True)
    assert records.account("ada").temporary
    records.change_password("ada", made, PASSWORD)
    assert not records.account("ada").temporary
    token = records.sign_in("ada", PASSWORD, NOON)
    records.set_password("ada", made, temporary=True)
    assert records.account("ada").temporary
    assert records.signed_in(token, NOON) is None


@pytest.mark.usefixtures("ada")
def test_somebody_disabled_is_out_at_once_and_loses_nothing(records: SqlRecords) -> None:
    token = records.sign_in("ada", PASSWORD, NOON)
    records.set_disabled("ada", True)
    assert records.signed_in(token, NOON) is None
    with pytest.raises(NotAllowed):
        records.sign_in("ada", PASSWORD, NOON)
    assert records.has_accounts()
    records.set_disabled("ada", False)
    assert records.signed_in(token, NOON) is None
    assert records.signed_in(records.sign_in("ada", PASSWORD, NOON), NOON)


def test_a_deleted_account_takes_its_conversations_along(records: SqlRecords, ada: str) -> None:
    token, conversation = records.sign_in("ada", PASSWORD, NOON), records.start_conversation(ada)
    records.delete_account("ada")
    assert records.signed_in(token, NOON) is None
    assert not records.has_learner(ada)
    with pytest.raises(NotFound):
        records.turns(ada, conversation)
    assert not records.has_accounts()


def test_whoever_deletes_all_that_is_kept_stays_signed_in_with_nothing(records: SqlRecords, ada: str) -> None:
    token = records.sign_in("ada", PASSWORD, NOON)
    records.start_conversation(ada)
    records.delete_learner(ada)
    assert not records.has_learner(ada)
    account = records.signed_in(token, NOON)
    assert account
    assert account.learner != ada
    assert not records.conversations(account.learner)


@pytest.mark.parametrize("typed", ["zo\u00eb", "zoe\u0308", "ZOE\u0308", " \uff3ao\u00eb "])
def test_one_name_is_one_however_a_keyboard_writes_it(records: SqlRecords, typed: str) -> None:
    records.add_account("Zo\u00eb", PASSWORD, role=Role.LEARNER)
    assert records.sign_in(typed, PASSWORD, NOON)
    with pytest.raises(BadInput, match="already"):
        records.add_account(typed, PASSWORD, role=Role.LEARNER)


def test_a_password_that_nobody_can_have_costs_nothing(records: SqlRecords, ada: str, monkeypatch: Any) -> None:
    assert records.has_learner(ada)
    monkeypatch.setattr("cpom_tutor.records.passwords._HASHER", None)
    for name in ("ada", "nobody"):
        with pytest.raises(NotAllowed, match="is not right"):
            records.sign_in(name, "x" * 1_000_000, NOON)


@pytest.mark.usefixtures("ada")
def test_a_class_and_a_shared_name_are_kept(records: SqlRecords) -> None:
    records.set_group("ada", " Spring ")
    records.share_name("ada", True)
    account = records.account("ada")
    assert (account.group, account.shares_name) == ("Spring", True)


@pytest.mark.usefixtures("ada")
def test_accounts_that_do_not_exist_are_not_changed(records: SqlRecords) -> None:
    for change in (
        lambda: records.account("bob"),
        lambda: records.set_password("bob", PASSWORD, temporary=False),
        lambda: records.set_disabled("bob", True),
        lambda: records.set_group("bob", "Spring"),
        lambda: records.share_name("bob", True),
        lambda: records.delete_account("bob"),
    ):
        with pytest.raises(NotFound, match="There is no account “bob”;"):
            change()


def test_passwords_to_hand_out_differ_and_can_be_read_aloud() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01iloO")

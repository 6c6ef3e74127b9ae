"""Check digits that tell an identifier from any other number of its shape."""

from __future__ import annotations

_VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def luhn(number: str) -> bool:
    """Whether the digits of ``number`` pass the Luhn check (ISO/IEC 7812-1).

    >>> luhn("4111 1111 1111 1111"), luhn("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(character) for character in number if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return len(digits) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def npi(number: str) -> bool:
    """Whether ``number`` is a National Provider Identifier: 10 digits, Luhn after 80840.

    >>> npi("1234567893"), npi("1234567890")
    (True, False)
    """
    return len(number) == 10 and number.isdigit() and number[0] in "12" and luhn("80840" + number)


def dea(number: str) -> bool:
    """Whether ``number`` is a DEA registration: two letters (or a letter and 9), 7 digits, check.

    >>> dea("AB1234563"), dea("AB1234567")
    (True, False)
    """
    digits = number[2:]
    if len(number) != 9 or not number[0].isalpha() or not digits.isdigit():
        return False
    ones, twos = sum(map(int, digits[0:6:2])), sum(map(int, digits[1:6:2]))
    return (ones + 2 * twos) % 10 == int(digits[6])


def vin(number: str) -> bool:
    """Whether ``number`` is a vehicle identification number by its check digit (49 CFR 565.15).

    >>> vin("1M8GDM9AXKP042788"), vin("1M8GDM9A1KP042788")
    (True, False)
    """
    word = number.upper()
    if len(word) != 17 or any(character not in _VIN_VALUES for character in word):
        return False
    total = sum(
        weight * _VIN_VALUES[character]
        for weight, character in zip(_VIN_WEIGHTS, word, strict=True)
    )
    return word[8] == "0123456789X"[total % 11]

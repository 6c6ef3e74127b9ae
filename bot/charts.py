"""A bar chart as SVG, written by hand: a plotting library would weigh more than the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL, _BARS, _VALUE = 190, 520, 130
_BAR, _GAP, _HEAD, _TOP, _FOOT = 16, 6, 26, 46, 34
_COLOURS = ("#2f6db3", "#b9b9b9")


@dataclass(frozen=True, slots=True)
class Bar:
    """A share between 0 and 1; ``low`` and ``high`` draw a whisker. ``series`` picks the colour."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    series: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars under one heading."""

    heading: str
    bars: tuple[Bar, ...]


def bar_chart(title: str, panels: Sequence[Panel], legend: Sequence[str] = ()) -> str:
    """The chart as an SVG document. ``legend`` names the series in their order."""
    parts: list[str] = []
    y = _TOP
    if len(legend) > 1:
        y = _legend(parts, legend, y)
    first = y
    for panel in panels:
        parts.append(_text(12, y + 16, panel.heading, weight="bold"))
        y += _HEAD
        for bar in panel.bars:
            parts += _bar(bar, y)
            y += _BAR + _GAP
        y += _GAP
    width, height = _LABEL + _BARS + _VALUE, y + _FOOT
    scale = [line for tick in range(0, 11, 2) for line in _tick(tick / 10, first, y)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="12">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            _text(12, 26, title, size=16, weight="bold"),
            *scale,
            *parts,
            "</svg>",
            "",
        ]
    )


def _legend(parts: list[str], legend: Sequence[str], y: int) -> int:
    x = 12
    for series, name in enumerate(legend):
        colour = _COLOURS[series % len(_COLOURS)]
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(x + 18, y + 11, name))
        x += 40 + 7 * len(name)
    return y + 26


def _bar(bar: Bar, y: int) -> list[str]:
    colour = _COLOURS[bar.series % len(_COLOURS)]
    middle = y + _BAR // 2
    found = [
        _text(_LABEL - 8, y + 12, bar.label, anchor="end"),
        f'<rect x="{_LABEL}" y="{y}" width="{_BARS * bar.value:.1f}" height="{_BAR}" '
        f'fill="{colour}"/>',
    ]
    figure = f"{bar.value:.3f}"
    end = bar.value
    if bar.low is not None and bar.high is not None:
        left, right = (_LABEL + _BARS * edge for edge in (bar.low, bar.high))
        found.append(
            f'<path d="M{left:.1f} {middle - 4}v8M{left:.1f} {middle}H{right:.1f}m0 -4v8" '
            'stroke="#1c1c1c" fill="none"/>'
        )
        figure += f" ({bar.low:.3f}–{bar.high:.3f})"
        end = max(end, bar.high)
    return [*found, _text(_LABEL + _BARS * end + 6, y + 12, figure)]


def _tick(share: float, top: int, bottom: int) -> list[str]:
    x = _LABEL + _BARS * share
    return [
        f'<path d="M{x:.1f} {top}V{bottom}" stroke="#e3e3e3"/>',
        _text(x, bottom + 16, f"{share:.1f}", anchor="middle"),
    ]


def _text(
    x: float, y: float, words: str, size: int = 12, weight: str = "normal", anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )

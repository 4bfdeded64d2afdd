"""How impact spreads over the graph."""

from hypothesis import given
from hypothesis import strategies as st

from forewarn.component import Dependency, Impact, Touched, spread, worst

DOWN, DEGRADED, MOMENTARY, NONE = Impact.DOWN, Impact.DEGRADED, Impact.MOMENTARY, Impact.NONE

NAMES = st.sampled_from("abcdef")
GRAPHS = st.lists(st.builds(Dependency, NAMES, NAMES, st.booleans()), max_size=15)
NAMED = st.dictionaries(NAMES, st.sampled_from(Impact), max_size=3)


def test_impact_spreads_to_whatever_needs_the_named_one() -> None:
    touched = spread({"db": DOWN}, [Dependency("api", "db"), Dependency("shop", "api"), Dependency("db", "disk")])

    assert touched == (
        Touched("db", DOWN, ("db",)),
        Touched("api", DOWN, ("db", "api")),
        Touched("shop", DOWN, ("db", "api", "shop")),
    )


def test_a_soft_dependency_spreads_nothing() -> None:
    touched = spread({"db": DOWN}, [Dependency("api", "db", hard=False)])

    assert names(touched) == ["db"]


def test_a_cycle_ends_where_it_began() -> None:
    touched = spread({"a": DOWN}, [Dependency("b", "a"), Dependency("c", "b"), Dependency("a", "c")])

    assert names(touched) == ["a", "b", "c"]


def test_what_needs_itself_is_touched_once() -> None:
    assert names(spread({"a": DOWN}, [Dependency("a", "a")])) == ["a"]


def test_a_dangling_reference_is_never_reached() -> None:
    touched = spread({"db": DOWN}, [Dependency("api", "nothing-of-that-name")])

    assert names(touched) == ["db"]


def test_the_worst_impact_wins_by_whatever_way_it_comes() -> None:
    graph = [Dependency("api", "cache"), Dependency("gate", "db"), Dependency("api", "gate")]

    touched = spread({"cache": DEGRADED, "db": DOWN}, graph)

    assert Touched("api", DOWN, ("db", "gate", "api")) in touched


def test_a_named_component_is_worse_off_through_what_it_needs() -> None:
    touched = spread({"api": DEGRADED, "db": DOWN}, [Dependency("api", "db")])

    assert touched == (Touched("db", DOWN, ("db",)), Touched("api", DOWN, ("db", "api")))


def test_of_two_ways_with_one_impact_the_shorter_is_shown() -> None:
    graph = [Dependency("gate", "db"), Dependency("api", "gate"), Dependency("api", "db")]

    touched = spread({"db": DOWN}, graph)

    assert Touched("api", DOWN, ("db", "api")) in touched


def test_a_blip_is_not_nothing() -> None:
    graph = [Dependency("api", "db")]

    assert names(spread({"db": MOMENTARY}, graph)) == ["db", "api"]
    assert spread({"db": NONE}, graph) == ()


def test_nothing_is_worse_than_none_of_them() -> None:
    assert worst([]) is NONE
    assert worst([MOMENTARY, DOWN, DEGRADED]) is DOWN


@given(NAMED, GRAPHS)
def test_every_path_starts_at_a_named_component_and_follows_hard_dependencies(
    named: dict[str, Impact], graph: list[Dependency]
) -> None:
    edges = {(d.needs, d.component) for d in graph if d.hard}

    for touched in spread(named, graph):
        assert named[touched.path[0]] is touched.impact
        assert touched.path[-1] == touched.component
        assert set(zip(touched.path, touched.path[1:], strict=False)) <= edges
        assert len(set(touched.path)) == len(touched.path)


@given(NAMED, GRAPHS)
def test_each_component_has_the_worst_impact_that_reaches_it(named: dict[str, Impact], graph: list[Dependency]) -> None:
    reached = {name: impact for name, impact in named.items() if impact is not NONE}
    for _ in range(len(graph) + 1):
        for d in graph:
            if d.hard and d.needs in reached:
                reached[d.component] = worst([reached.get(d.component, NONE), reached[d.needs]])

    assert {touched.component: touched.impact for touched in spread(named, graph)} == reached


@given(NAMED, GRAPHS)
def test_the_order_of_the_graph_does_not_matter(named: dict[str, Impact], graph: list[Dependency]) -> None:
    impacts = {touched.component: touched.impact for touched in spread(named, graph)}
    distances = {touched.component: len(touched.path) for touched in spread(named, graph)}
    turned = spread(named, reversed(graph))

    assert {touched.component: touched.impact for touched in turned} == impacts
    assert {touched.component: len(touched.path) for touched in turned} == distances


def names(touched: tuple[Touched, ...]) -> list[str]:
    return [one.component for one in touched]

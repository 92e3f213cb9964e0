"""Wall, floor and picture surfaces."""

from .nodes import Shader

WALLS = ("plain", "plaster", "stripes", "brick", "panels", "paper")


def wall_material(kind, colour, second):
    """Material for a wall; kind is one of WALLS, colours linear RGB."""
    shader = Shader(f"{kind} wall")
    place = shader.coordinates("Object")
    worn = shader.noise(place, 1.3, 6.0, 0.55)
    first = shader.mix(
        shader.math("MULTIPLY", worn, 0.22), tuple(colour), tuple(0.72 * c for c in colour)
    )
    rough = shader.noise(place, 160.0, 4.0)
    base, height, depth, gloss = first, rough, 0.0015, 0.75
    if kind == "plaster":
        height, depth = shader.noise(place, 18.0, 8.0, 0.65), 0.012
    elif kind == "stripes":
        wave = shader.node("TexWave", {"bands_direction": "X"}, Vector=place, Scale=2.2)
        step = shader.ramp(wave.outputs["Fac"], [(0.49, (0, 0, 0)), (0.51, (1, 1, 1))])
        base = shader.mix(step, first, tuple(second))
    elif kind == "paper":
        base = _wallpaper(shader, place, first, tuple(second))
    elif kind == "brick":
        base, height, depth, gloss = _bricks(shader, place, colour, second)
    elif kind == "panels":
        wave = shader.node(
            "TexWave", {"bands_direction": "X", "wave_profile": "SAW"}, Vector=place, Scale=2.6
        )
        groove = shader.ramp(wave.outputs["Fac"], [(0.0, (0, 0, 0)), (0.05, (1, 1, 1))])
        height, depth = groove, 0.01
        base = shader.mix(groove, tuple(0.3 * c for c in colour), first)
    return shader.surface(
        shader.node(
            "BsdfPrincipled",
            Base_Color=base,
            Roughness=gloss,
            Specular=0.25,
            Normal=shader.bump(height, 0.4, depth),
        )
    )


def _wallpaper(shader, place, first, second):
    cell = shader.node("TexVoronoi", {"feature": "SMOOTH_F1"}, Vector=place, Scale=7.0)
    rings = shader.node("Math", {"operation": "SINE"})
    shader.feed(rings.inputs[0], shader.math("MULTIPLY", cell.outputs["Distance"], 30.0))
    mask = shader.ramp(rings.outputs[0], [(0.35, (0, 0, 0)), (0.5, (1, 1, 1))])
    return shader.mix(shader.math("MULTIPLY", mask, 0.8), first, second)


def _bricks(shader, place, colour, second):
    turned = shader.node("Mapping", Vector=place, Rotation=(1.5708, 0.0, 0.0)).outputs[0]
    dark = tuple(0.6 * c for c in colour)
    node = shader.node(
        "TexBrick",
        Vector=turned,
        Color1=tuple(colour),
        Color2=dark,
        Mortar=tuple(second),
        Scale=4.0,
        Mortar_Size=0.012,
        Mortar_Smooth=0.2,
    )
    stain = shader.noise(place, 30.0, 6.0)
    base = shader.mix(shader.math("MULTIPLY", stain, 0.35), node.outputs["Color"], dark)
    height = shader.math("SUBTRACT", stain, shader.math("MULTIPLY", node.outputs["Fac"], 2.0))
    return base, height, 0.012, 0.85


def floor_material(colour):
    """Wooden boards."""
    shader = Shader("boards")
    place = shader.coordinates("Object")
    boards = shader.node(
        "TexBrick",
        Vector=place,
        Color1=tuple(colour),
        Color2=tuple(0.65 * c for c in colour),
        Mortar=tuple(0.2 * c for c in colour),
        Scale=1.6,
        Mortar_Size=0.004,
        Brick_Width=1.4,
        Row_Height=0.16,
    )
    grain = shader.node("Mapping", Vector=place, Scale=(2.0, 40.0, 1.0)).outputs[0]
    base = shader.mix(
        shader.math("MULTIPLY", shader.noise(grain, 6.0, 6.0), 0.5),
        boards.outputs["Color"],
        tuple(0.4 * c for c in colour),
    )
    return shader.surface(shader.node("BsdfPrincipled", Base_Color=base, Roughness=0.35))


def wood_material(colour):
    """Furniture wood with grain along x."""
    shader = Shader("wood")
    place = shader.coordinates("Object", scale=(2.0, 30.0, 30.0))
    base = shader.mix(
        shader.noise(place, 1.5, 8.0, 0.6), tuple(colour), tuple(0.45 * c for c in colour)
    )
    return shader.surface(shader.node("BsdfPrincipled", Base_Color=base, Roughness=0.45))


def picture_material(rng):
    """An abstract painting or a landscape-like print in random colours."""
    shader = Shader("picture")
    place = shader.coordinates("Object", scale=tuple(rng.uniform(0.6, 3.0, 3)))
    shift = shader.node("Mapping", Vector=place, Location=tuple(rng.uniform(-9, 9, 3))).outputs[0]
    colours = [tuple(rng.random(3) ** 1.8) for _ in range(5)]
    kind = rng.integers(3)
    if kind == 0:
        value = shader.noise(shift, 2.5, 3.0)
    elif kind == 1:
        value = shader.node("TexVoronoi", Vector=shift, Scale=4.0).outputs["Distance"]
    else:
        wave = shader.node(
            "TexWave", {"bands_direction": "Z"}, Vector=shift, Scale=1.1, Distortion=5.0, Detail=3.0
        )
        value = wave.outputs["Fac"]
    stops = [(0.25 + 0.14 * k, colour) for k, colour in enumerate(colours)]
    base = shader.ramp(value, stops)
    return shader.surface(shader.node("BsdfPrincipled", Base_Color=base, Roughness=0.4))

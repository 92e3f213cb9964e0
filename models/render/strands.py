"""Hair as arrays: guides that grow under gravity, and the strands that follow them.

The scheme is the usual one of guide hairs and interpolated children with clumping, curl and frizz
(Ward et al., "A Survey on Hair Modeling", TVCG 2007, section 3). Points are metres in the person's
frame: z up, the face towards -y, left +x. Strands are float arrays (strands, points, 3).
"""

import numpy as np

GUIDE_POINTS = 20


def unit(vectors):
    """`vectors` (..., 3) scaled to length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def sample_surface(vertices, triangles, count, rng):
    """`count` random points and unit normals on a triangle mesh, uniform by area."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    area = np.linalg.norm(normal, axis=1)
    pick = rng.choice(len(triangles), size=count, p=area / area.sum())
    u, v = rng.random((2, count, 1))
    fold = u + v > 1.0
    u, v = np.where(fold, 1.0 - u, u), np.where(fold, 1.0 - v, v)
    return a[pick] + u * (b - a)[pick] + v * (c - a)[pick], unit(normal[pick])


class Growth:
    """How the guides of one head of hair grow.

    head: (centre (3,), face half width, front y); resolve: points (n, 3), clearance (n,) -> points
    pushed out of the body.
    """

    def __init__(self, hair, head, resolve, rng):
        self.hair, self.head, self.resolve, self.rng = hair, head, resolve, rng

    def comb(self, roots, normals):
        """First direction of each guide (n, 3)."""
        style, centre = self.hair.style, self.head[0]
        side = np.where(roots[:, 0] - self.hair.parting >= 0.0, 1.0, -1.0)[:, None]
        lift = np.array([0.0, 0.0, 1.0])
        if style == "coily":
            return unit(normals + 0.25 * self.rng.normal(size=roots.shape))
        if style == "short":
            sweep = np.array([0.5, -0.45, 0.35]) * [np.sign(self.hair.parting or 1.0), 1.0, 1.0]
            high = np.clip((roots[:, 2:] - centre[2]) / 0.09, 0.0, 1.0)
            down = np.array([0.0, 0.25, -1.0])
            return unit(0.55 * normals + high * sweep + (1.0 - high) * down)
        if style == "bun":
            knot = self.knot()
            return unit(knot - roots)
        away = side * np.array([0.62, 0.0, 0.0]) + np.array([0.0, 0.30, 0.0])
        return unit((0.2 + 0.3 * self.hair.volume) * normals + away + 0.2 * self.hair.volume * lift)

    def knot(self):
        """Centre of the bun."""
        return self.head[0] + np.array([0.0, 0.085, 0.105])

    def grow(self, roots, normals):
        """Guides (n, GUIDE_POINTS, 3) from `roots`."""
        hair, count = self.hair, len(roots)
        spread = 0.85 + 0.3 * self.rng.random((count, 1))
        step = hair.length * spread / (GUIDE_POINTS - 1)
        stiffness = {"short": 0.93, "coily": 0.985, "bun": 0.9}.get(hair.style, 0.74)
        clearance = (0.003 + 0.014 * hair.volume * self.rng.random(count)) * (
            0.4 if hair.style in ("short", "bun") else 1.0
        )
        direction = self.comb(roots, normals)
        drift = self.rng.normal(size=(count, 3)) * 0.10 * hair.volume
        points = [roots]
        for k in range(1, GUIDE_POINTS):
            direction = self._bend(points[-1], direction, stiffness, drift)
            moved = points[-1] + step * direction
            moved = self._clear(moved, clearance * min(1.0, k / 4.0))
            direction = unit(moved - points[-1])
            points.append(moved)
        return np.stack(points, axis=1)

    def _bend(self, here, direction, stiffness, drift):
        if self.hair.style == "bun":
            pull = unit(self.knot() - here)
        else:
            pull = np.array([0.0, 0.0, -1.0]) + drift
        return unit(stiffness * direction + (1.0 - stiffness) * pull)

    def _clear(self, points, clearance):
        """Out of the body, and beside the face instead of over it."""
        if self.hair.style not in ("short", "coily"):
            centre, half_width, front = self.head
            before = (points[:, 1] < front) & (points[:, 2] < centre[2] + 0.035)
            side = np.sign(points[:, 0] - self.hair.parting)
            shy = before & (np.abs(points[:, 0]) < half_width)
            points[shy, 0] = (side * half_width)[shy]
        return self.resolve(points, clearance)


def _nearest_guides(roots, guide_roots, parting, amount=3):
    """Indices and weights (n, amount) of the nearest guides on the same side of the parting."""
    distance = np.linalg.norm(roots[:, None] - guide_roots[None], axis=2)
    other = (roots[:, None, 0] >= parting) != (guide_roots[None, :, 0] >= parting)
    distance = distance + 0.05 * other
    nearest = np.argsort(distance, axis=1)[:, :amount]
    weights = 1.0 / (np.take_along_axis(distance, nearest, axis=1) + 2e-3) ** 2
    return nearest, weights / weights.sum(axis=1, keepdims=True)


def _resample(guides, points):
    """Guides with another number of points (piecewise linear, then smoothed)."""
    old = np.linspace(0.0, 1.0, guides.shape[1])
    new = np.linspace(0.0, 1.0, points)
    low = np.clip(np.searchsorted(old, new, side="right") - 1, 0, len(old) - 2)
    part = ((new - old[low]) / (old[low + 1] - old[low]))[None, :, None]
    result = guides[:, low] * (1.0 - part) + guides[:, low + 1] * part
    result[:, 1:-1] = 0.25 * result[:, :-2] + 0.5 * result[:, 1:-1] + 0.25 * result[:, 2:]
    return result


def _smooth_noise(rng, count, points, knots):
    """Random curves (count, points, 3) with about `knots` wiggles, zero at the root."""
    control = rng.normal(size=(count, knots + 2, 3))
    control[:, 0] = 0.0
    return _resample(control, points)


def _helix(hair, tangents, phase, turns, along):
    """Offsets (n, points, 3) of a curl about the strand's own direction."""
    across = unit(np.cross(tangents, np.array([0.31, 0.87, 0.38])))
    third = np.cross(tangents, across)
    angle = phase[:, None] + 2.0 * np.pi * turns[:, None] * along[None]
    grow = np.minimum(1.0, along * 4.0)[None, :, None] * hair.curl_radius
    return grow * (np.cos(angle)[..., None] * across + np.sin(angle)[..., None] * third)


def follow(hair, roots, guides, rng):
    """Strands (n, points, 3) that grow from `roots` along their nearest guides."""
    count = len(roots)
    points = {"curly": 56, "coily": 40, "wavy": 36}.get(hair.style, 24)
    nearest, weights = _nearest_guides(roots, guides[:, 0], hair.parting)
    guides = _resample(guides, points)
    along = np.linspace(0.0, 1.0, points)
    shape = guides - guides[:, :1]
    strands = roots[:, None] + np.einsum("nk,nkpc->npc", weights, shape[nearest])
    clump = np.clip(along * 1.3, 0.0, 1.0)[None, :, None] * (0.45 + 0.4 * rng.random((count, 1, 1)))
    strands = strands + clump * (guides[nearest[:, 0]] - strands)
    strands = roots[:, None] + _shortened(strands - strands[:, :1], 0.72 + 0.28 * rng.random(count))
    loose = rng.random(count) < hair.flyaways
    if hair.style in ("wavy", "curly", "coily"):
        strands = strands + _curl(hair, strands, nearest[:, 0], len(guides), rng, along)
    frizz = 0.0016 * hair.frizz * np.where(loose, 9.0, 1.0)[:, None, None]
    frizz = frizz * np.sqrt(along)[None, :, None]
    return strands + frizz * _smooth_noise(rng, count, points, 6)


def _shortened(offsets, share):
    """Strands cut to `share` of their length, with the same number of points."""
    position = np.linspace(0.0, 1.0, offsets.shape[1])[None] * share[:, None]
    scaled = position * (offsets.shape[1] - 1)
    low = np.minimum(scaled.astype(int), offsets.shape[1] - 2)
    part = (scaled - low)[..., None]
    rows = np.arange(len(offsets))[:, None]
    return offsets[rows, low] * (1.0 - part) + offsets[rows, low + 1] * part


def _curl(hair, strands, clump, clumps, rng, along):
    """Curl shared by the strands of a clump, with a little spread."""
    phase = (rng.random(clumps) * 2.0 * np.pi)[clump] + 0.25 * rng.normal(size=len(strands))
    turns = hair.curl_turns * (0.8 + 0.4 * rng.random(clumps))[clump]
    tangents = unit(np.gradient(strands, axis=1))
    spread = (0.6 + 0.8 * rng.random(len(strands)))[:, None, None]
    return spread * _helix(hair, tangents, phase, turns, along)


def wound_ball(centre, radius, count, rng, points=24):
    """Strands wound about a ball: the bun."""
    normal = unit(rng.normal(size=(count, 3)) * np.array([0.6, 0.6, 1.0]))
    first = unit(np.cross(normal, rng.normal(size=(count, 3))))
    second = np.cross(normal, first)
    angle = np.linspace(0.0, 1.3 * np.pi, points)[None, :, None]
    ball = np.cos(angle) * first[:, None] + np.sin(angle) * second[:, None]
    size = radius * (0.75 + 0.25 * rng.random((count, 1, 1)))
    stretch = np.array([1.15, 1.0, 0.85])
    wiggle = 0.0015 * _smooth_noise(rng, count, points, 5)
    return centre + size * stretch * (ball + 0.3 * normal[:, None]) + wiggle

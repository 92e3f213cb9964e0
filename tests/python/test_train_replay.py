"""The store of scenes shows each about as often as asked, and depends on the step alone."""

from collections import Counter

import numpy as np
import torch

from matting_models.data.dataset import Plan
from matting_models.train.replay import Replay

PLAN = Plan(sizes=((2, 3), (3, 2)), scale=(1, 1), batch=6, views=3, kept=8)
CPU = torch.device("cpu")


def scenes(step):
    """plan.fresh scenes whose pixels are their number, but for a mark at the left in red."""
    height, width = PLAN.sizes[PLAN.size_index(step)]
    number = PLAN.fresh * step + torch.arange(PLAN.fresh)
    alpha = number.to(torch.uint8)[:, None, None, None].expand(-1, height, width, 1).clone()
    src = alpha.expand(-1, -1, -1, 3).clone()
    src[:, :, 0, 0] = 255
    return {"src": src, "alpha": alpha}


def shown(replay, first, last):
    batches = []
    for step in range(first, last):
        replay.add(step, scenes(step))
        batches.append(replay.batch(step))
    return batches


def test_scenes_are_shown_as_often_as_asked():
    batches = shown(Replay(PLAN, 1, CPU), 0, 80)
    assert {tuple(b["src"].shape) for b in batches} == {(6, 2, 3, 3), (6, 3, 2, 3)}
    count = Counter(int(n) for b in batches for n in b["alpha"][:, 0, 0, 0])
    middle = [count[n] for n in range(20, 140)]
    assert 2.5 < np.mean(middle) < 3.5


def test_a_batch_without_other_views_is_what_was_drawn():
    replay = Replay(Plan(sizes=((2, 3),), scale=(1, 1), batch=2, views=1), 1, CPU)
    for step in range(5):
        drawn = [2 * step, 2 * step + 1]
        alpha = torch.tensor(drawn, dtype=torch.uint8)[:, None, None, None].expand(2, 2, 3, 1)
        replay.add(step, {"alpha": alpha})
        assert sorted(replay.batch(step)["alpha"][:, 0, 0, 0].tolist()) == drawn
    assert replay.first_needed(5) == 4, "nothing older is kept"


def test_pictures_of_a_scene_are_mirrored_and_recoloured_alike():
    marks = Counter()
    for batch in shown(Replay(PLAN, 1, CPU), 0, 40):
        for picture, alpha in zip(batch["src"], batch["alpha"], strict=True):
            (mark,) = {tuple(x[1:].tolist()) for x in (picture == 255).nonzero()}
            marks[mark[0] == 0, mark[1]] += 1
            assert picture[0, 1, (mark[1] + 1) % 3] == alpha[0, 0, 0]
    assert len(marks) == 6 and min(marks.values()) > 10


def test_going_on_later_shows_the_same():
    whole = shown(Replay(PLAN, 1, CPU), 0, 30)
    late = Replay(PLAN, 1, CPU)
    first = late.first_needed(20)
    assert 0 < first < 20
    for batch, again in zip(whole[20:], shown(late, first, 30)[20 - first :], strict=True):
        assert all(torch.equal(batch[name], again[name]) for name in batch)

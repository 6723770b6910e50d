"""Sam Kerr's goals, and a little about him."""

from caseload.enums import GoalStatus, WhoDoes
from linkwork.demo.goals import outline, say, set_goal, write_about
from linkwork.demo.story import Story


def what_sam_wants(story: Story) -> None:
    story.write_what_matters(
        "A ground-floor place near my sister. And to get to the football again, even if it is only to hear it."
    )
    set_goal(
        story,
        "Get down to the street without being frightened of the stair",
        "Count the steps, one flight more each time",
        WhoDoes.TOGETHER,
    )
    set_goal(
        story, "Hear a match at Firhill, in the stand, with a pie", "Ask the club about the side gate", WhoDoes.WORKER
    )
    set_goal(story, "Have my sister over for her tea")
    set_goal(story, "Get to the big library")
    outline(
        story,
        "Every other week at the flat, and Jean on the phone in between.",
        "A call a week while we wait for a place. Out together when the knees allow.",
        "Once you have moved: two visits there, then a look back over tea.",
    )
    write_about(
        story,
        "Tells a story so that you are there.\nKnows every ship built on the upper Clyde.\nAlways has the tea ready.",
        "Jean, my sister in Whiteinch. Rings on Sundays.\nBig Tam from the yard.\n"
        "The wee lad downstairs, who brings the paper.",
        "Plater at the yard for 31 years. The knees went with the ladders. On his own since Rena died, six years in "
        "March; he will talk about her, not about the hospital.",
    )


def how_it_goes_for_sam(story: Story) -> None:
    stair, _, tea, library = story.goals
    say(story, stair, "Two flights down, with you, and back up on my own.")
    say(story, tea, "She came. She brought the tea.", GoalStatus.REACHED)
    say(story, library, "The wee lad brings me the books. I do not need the building.", GoalStatus.LET_GO)

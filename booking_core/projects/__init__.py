"""What consultations lead to: projects on their way through the pipeline."""

from booking_core.projects.model import MOVES, NewProject, Project
from booking_core.projects.operations import (
    create_project,
    get_project,
    list_projects,
    move_project,
    value_project,
)

__all__ = [
    "MOVES",
    "NewProject",
    "Project",
    "create_project",
    "get_project",
    "list_projects",
    "move_project",
    "value_project",
]

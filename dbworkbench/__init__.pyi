from dbworkbench.data.obey import check as check
from dbworkbench.data.read import read_data as read_data
from dbworkbench.data.relation import relation_of as relation_of
from dbworkbench.diagram.dependencies import dependency_picture as dependency_picture
from dbworkbench.diagram.erd import erd as erd
from dbworkbench.diagram.normalized import normalization_picture as normalization_picture
from dbworkbench.discovery.discover import discover as discover
from dbworkbench.engines.reflect import reflect as reflect
from dbworkbench.errors import WorkbenchError as WorkbenchError
from dbworkbench.exercises.bank import exercise as exercise
from dbworkbench.exercises.grading import grade as grade
from dbworkbench.exercises.sheet import save_sheet as save_sheet
from dbworkbench.formats.read import read as read
from dbworkbench.formats.write import write as write
from dbworkbench.population import shapes as shapes
from dbworkbench.population.populate import populate as populate
from dbworkbench.population.profile import profile as profile
from dbworkbench.population.tpch import tpch as tpch
from dbworkbench.report.document import document as document
from dbworkbench.schema.analysis import analyze as analyze
from dbworkbench.schema.normalization import normalize as normalize
from dbworkbench.schema.notation import relation as relation
from dbworkbench.schema.notation import schema as schema
from dbworkbench.schema.notation import to_text as to_text
from dbworkbench.schema.relation import Relation as Relation
from dbworkbench.schema.schema import Schema as Schema
from dbworkbench.sql import write as _write
from dbworkbench.theory.dependencies import FD as FD
from dbworkbench.theory.dependencies import JD as JD
from dbworkbench.theory.dependencies import MVD as MVD
from dbworkbench.trials.candidate import candidate as candidate
from dbworkbench.trials.denormalize import denormalize as denormalize
from dbworkbench.trials.denormalize import star as star
from dbworkbench.trials.files import read_trial as read_trial
from dbworkbench.trials.growth import growth as growth
from dbworkbench.trials.physical import clustered as clustered
from dbworkbench.trials.physical import indexed as indexed
from dbworkbench.trials.physical import partitioned as partitioned
from dbworkbench.trials.physical import summarized as summarized
from dbworkbench.trials.pressure import pressure as pressure
from dbworkbench.trials.snowflake import snowflake as snowflake
from dbworkbench.trials.surrogates import surrogated as surrogated
from dbworkbench.trials.trial import trial as trial
from dbworkbench.trials.verify import verify as verify
from dbworkbench.widgets.board import board as board
from dbworkbench.widgets.dependencies import dependencies as dependencies
from dbworkbench.widgets.lesson import lesson as lesson
from dbworkbench.widgets.progress import progress as progress
from dbworkbench.widgets.scoreboard import scoreboard as scoreboard
from dbworkbench.widgets.steps import steps as steps

ddl = _write.write

__version__: str

def load_ipython_extension(shell: object) -> None: ...
def unload_ipython_extension(shell: object) -> None: ...

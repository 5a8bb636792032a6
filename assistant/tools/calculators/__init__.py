"""The calculators by the name of their rules' file. Each is a pure function from a worksheet to a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.tools.calculators.family import child_leave, maternity_allowance, maternity_leave
from assistant.tools.calculators.insurance import flexible_subsidy, retirement, unemployment
from assistant.tools.calculators.leaving import compensation, double_pay, probation, service_period
from assistant.tools.calculators.pay import annual_leave, injury_grade, minimum_wage, overtime
from assistant.tools.calculators.skills import inventor_reward, patent_fees, skill_subsidy
from assistant.tools.result import Result, Worksheet

Calculator = Callable[[Worksheet], Result]

CALCULATORS: Mapping[str, Calculator] = {
    "compensation": compensation,
    "double_pay": double_pay,
    "overtime": overtime,
    "annual_leave": annual_leave,
    "minimum_wage": minimum_wage,
    "probation": probation,
    "service_period": service_period,
    "maternity_leave": maternity_leave,
    "child_leave": child_leave,
    "maternity_allowance": maternity_allowance,
    "retirement": retirement,
    "unemployment": unemployment,
    "flexible_subsidy": flexible_subsidy,
    "injury_grade": injury_grade,
    "skill_subsidy": skill_subsidy,
    "patent_fees": patent_fees,
    "inventor_reward": inventor_reward,
}
"""In the order in which they are shown."""

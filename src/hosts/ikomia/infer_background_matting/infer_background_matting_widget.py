"""The task's page in Ikomia Studio. Needs PyQt, which Studio brings; the task itself does not."""

from ikomia import core, dataprocess
from ikomia.utils import qtconversion

from .infer_background_matting_process import NAME, MattingParam
from .parameter_form import ParameterForm, QtWidgets


class MattingWidget(core.CWorkflowTaskWidget):
    def __init__(self, param, parent):
        core.CWorkflowTaskWidget.__init__(self, parent)
        self.parameters = MattingParam() if param is None else param
        self.form = ParameterForm(self.parameters.texts())
        self.layout = QtWidgets.QVBoxLayout()
        self.layout.addWidget(self.form)
        self.set_layout(qtconversion.PyQtToQt(self.layout))

    def on_apply(self):
        if self.form.store(self.parameters):
            self.emit_apply(self.parameters)


class MattingWidgetFactory(dataprocess.CWidgetFactory):
    def __init__(self):
        dataprocess.CWidgetFactory.__init__(self)
        self.name = NAME

    def create(self, param):
        return MattingWidget(param, None)

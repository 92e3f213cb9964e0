"""What Ikomia loads first: where the task, its parameters and its widget come from."""

from ikomia import dataprocess


class IkomiaPlugin(dataprocess.CPluginProcessInterface):
    def __init__(self):
        dataprocess.CPluginProcessInterface.__init__(self)

    def get_process_factory(self):
        from .infer_background_matting_process import MattingFactory

        return MattingFactory()

    def get_param_factory(self):
        from .infer_background_matting_process import MattingParamFactory

        return MattingParamFactory()

    def get_widget_factory(self):
        # Asked for by Ikomia Studio only, which brings PyQt.
        from .infer_background_matting_widget import MattingWidgetFactory

        return MattingWidgetFactory()

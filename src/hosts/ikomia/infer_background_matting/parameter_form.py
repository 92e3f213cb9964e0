"""A form with a field for each parameter of the library's table; PyQt alone, no Ikomia."""

try:
    from PyQt6 import QtWidgets
except ImportError:
    from PyQt5 import QtWidgets

from .matting_library import MattingError, parameter_infos

# A field is shown while others have these values.
SHOWN_WHEN = {
    "model_backbone_scale": {"model_type": "mattingrefine"},
    "model_refine_mode": {"model_type": "mattingrefine"},
    "model_refine_pixels": {"model_type": "mattingrefine", "model_refine_mode": "sampling"},
    "model_refine_threshold": {"model_type": "mattingrefine", "model_refine_mode": "thresholding"},
}


class ParameterForm(QtWidgets.QWidget):
    def __init__(self, texts):
        super().__init__()
        self.fields = {}
        self.labels = {}
        self.problem = QtWidgets.QLabel()
        self.problem.setWordWrap(True)
        layout = QtWidgets.QFormLayout(self)
        for key, info in parameter_infos().items():
            self.labels[key] = QtWidgets.QLabel(key)
            self.fields[key] = self._field(info, texts[key])
            layout.addRow(self.labels[key], self.fields[key])
        layout.addRow(self.problem)
        self._show_what_counts()

    def texts(self):
        """Every field's text, by key."""
        return {
            key: field.currentText() if isinstance(field, QtWidgets.QComboBox) else field.text()
            for key, field in self.fields.items()
        }

    def store(self, parameters):
        """Sets them from the fields. False, and a line in the form, where one is not allowed."""
        try:
            parameters.set_values({**self.texts(), "update": "True"})
        except MattingError as error:
            self.problem.setText(str(error))
            return False
        self.problem.clear()
        return True

    def _field(self, info, text):
        if info.type == b"choice":
            field = QtWidgets.QComboBox()
            field.addItems(info.allowed.decode().split(", "))
            field.setCurrentText(text)
            field.currentTextChanged.connect(self._show_what_counts)
        else:
            # The library itself says what is allowed, when the form is applied.
            field = QtWidgets.QLineEdit(text)
        field.setToolTip(f"{info.help.decode()} ({info.allowed.decode()})")
        return field

    def _show_what_counts(self):
        texts = self.texts()
        for key, conditions in SHOWN_WHEN.items():
            shown = all(texts[other] == value for other, value in conditions.items())
            self.fields[key].setVisible(shown)
            self.labels[key].setVisible(shown)

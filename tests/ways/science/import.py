import matplotlib, sklearn, scipy

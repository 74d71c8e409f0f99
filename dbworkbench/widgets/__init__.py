"""Live views in notebooks: the board and its companions, each with a picture that stays when the kernel is gone."""
